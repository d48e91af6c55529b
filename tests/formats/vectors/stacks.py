"""Makes stacks.json: volumes in the formats of microscopes and tomographs, and what they hold.

TIFF by tifffile, PNG by Pillow, HDF5 by h5py; .vti, .nrrd, .mha and .nii byte by byte from their specifications.
Run with Python 3.11, NumPy 1.24, tifffile 2023.2, Pillow 9.4 and h5py 3.7: python3 tests/formats/vectors/stacks.py
"""
import base64
import gzip
import io
import json
import pathlib
import struct
import zlib

import h5py
import numpy as np
import tifffile
from PIL import Image

draws = np.random.default_rng(3)
volume = (draws.random((6, 9, 11)) < 0.4).astype("u1")
two = np.stack([volume, 1 - volume], 1)  # Z, C, Y, X
files = {}


def add(name, data, **expected):
    expected = {key: np.asarray(value).tolist() if key == "values" else value for key, value in expected.items()}
    files[name] = {"file": base64.b64encode(data).decode(), **expected}


def tiff(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, **options)
    return out.getvalue()


def whole(array):
    return {"shape": list(array.shape), "values": array.ravel()}


hyper = tiff(two, imagej=True, metadata={"axes": "ZCYX"})
add("ImageJ ZCYX.tif", hyper, channel=1, **whole(two[:, 1]))
add("ImageJ CYX.tif", tiff(volume[:2], imagej=True, metadata={"axes": "CYX"}), channel=0, **whole(volume[0]))
add("ImageJ slices called channels.tif", tiff(volume, imagej=True), **whole(volume))
add("ImageJ TYX.tif", tiff(volume, imagej=True, metadata={"axes": "TYX"}), frame=4, **whole(volume[4]))
four = np.stack([two, 1 - two, two], 0)  # T, Z, C, Y, X
add("ImageJ TZCYX.tif", tiff(four, imagej=True, metadata={"axes": "TZCYX"}), channel=1, frame=2, **whole(two[:, 1]))
sizes = {f"PhysicalSize{axis}": 2.5 for axis in "XYZ"}
add("OME ZCYX.tif", tiff(two, ome=True, metadata={"axes": "ZCYX", **sizes}), channel=1, **whole(two[:, 1]))
add("OME CTZYX.tif", tiff(np.moveaxis(four, 2, 0), ome=True, metadata={"axes": "CTZYX"}), channel=0, frame=1,
    **whole(1 - volume))
add("axes in JSON.tif", tiff(two, metadata={"axes": "ZCYX"}), channel=0, **whole(volume))
add("truncated.tif", tiff(volume, truncate=True), **whole(volume))
add("volumetric.tif", tiff(volume, volumetric=True), **whole(volume))
add("volumetric tiles.tif", tiff(volume, volumetric=True, tile=(16, 16, 16), compression="zlib"), **whole(volume))
add("three planes.tif", tiff(volume[:3], photometric="rgb", planarconfig="separate"), **whole(volume[:3]))
for kind in ["i8", "u8", "f2", "f8", ">i8", ">f2"]:
    add(f"{kind}.tif", tiff(volume.astype(kind), photometric="minisblack"), **whole(volume))
picture = io.BytesIO()
Image.fromarray(volume[0] * 255).convert("1").save(picture, "TIFF")
add("one bit.tif", picture.getvalue(), **whole(volume[0]))


def png(array, palette):
    image = Image.fromarray(array, "P")
    image.putpalette(palette)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


black, white, red = [0] * 3, [255] * 3, [255, 0, 0]
three = draws.integers(0, 3, (7, 8)).astype("u1")
add("greys of a coloured palette.png", png(three % 2, white + black + red), **whole(three % 2))
add("palette.png", png(three, black + white + red), **whole(three))
add("palette in another order.png", png((three + 1) % 3, red + black + white), **whole((three + 1) % 3))


def vti(array, data, attributes="", appended="", kind="UInt8", cells="CellData"):
    more = 0 if cells == "CellData" else -1
    extent = " ".join(f"0 {length + more}" for length in reversed(array.shape))
    text = f"""<?xml version="1.0"?>
<!-- > a comment -->
<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" {attributes}>
<ImageData WholeExtent="{extent}" Origin="0 0 0" Spacing="1 2 3"><Piece Extent="{extent}">
<{cells}><DataArray type="{kind}" Name="phase" {data}</{cells}></Piece></ImageData>"""
    return text.encode() + (appended if isinstance(appended, bytes) else appended.encode()) + b"\n</VTKFile>\n"


words = volume.astype("<i2")
code = lambda data: base64.b64encode(data).decode()
scale = {"x": 1, "y": 2, "z": 3, "unit": ""}
ascii_ = " ".join(map(str, volume.ravel()))
add("ascii.vti", vti(volume, f'format="ascii">{ascii_}</DataArray>'), scale=scale, **whole(volume))
raw = struct.pack("<I", words.nbytes) + words.tobytes()
add("base64.vti", vti(words, f'format="binary">{code(raw)}</DataArray>', kind="Int16"), scale=scale, **whole(volume))
raw = struct.pack("<Q", volume.nbytes) + volume.tobytes()
add("appended raw.vti", vti(volume, 'format="appended" offset="0"/>', 'header_type="UInt64"',
    b'<AppendedData encoding="raw">_' + raw + b"</AppendedData>", cells="PointData"), scale=scale, **whole(volume))
blocks = [zlib.compress(volume.tobytes()[at:at + 250]) for at in range(0, volume.size, 250)]
head = struct.pack(f"<{3 + len(blocks)}I", len(blocks), 250, volume.size % 250, *map(len, blocks))
packed = code(head) + code(b"".join(blocks))
zlibbed = 'compressor="vtkZLibDataCompressor"'
add("zlib.vti", vti(volume, f'format="binary">{packed}</DataArray>', zlibbed), scale=scale, **whole(volume))
add("appended zlib.vti", vti(volume, 'format="appended" offset="0"/>', zlibbed,
    f'<AppendedData encoding="base64">\n _{packed}</AppendedData>'), scale=scale, **whole(volume))


def nrrd(fields, data):
    return ("NRRD0004\n# made by hand\n" + "\n".join(fields) + "\n\n").encode() + data


base = ["dimension: 3", "sizes: 11 9 6"]
spaced = ["space directions: (0,2,0) (1,0,0) (0,0,3)", 'space units: "um" "um" "um"']
um = {"x": 2, "y": 1, "z": 3, "unit": "um"}
big = volume.astype(">u2").tobytes()
add("raw.nrrd", nrrd([*base, *spaced, "type: unsigned short", "encoding: raw", "endian: big"], big), scale=um,
    **whole(volume))
add("gzip.nrrd", nrrd([*base, "type: uint8", "encoding: gzip"], gzip.compress(volume.tobytes())), **whole(volume))
add("text.nrrd", nrrd([*base, "type: float", "encoding: ascii"], ascii_.encode()), **whole(volume))
pairs = ["dimension: 4", "sizes: 2 11 9 6", "kinds: vector domain domain domain", "type: uchar", "encoding: raw"]
add("vectors.nrrd", nrrd(pairs, np.moveaxis(two, 1, -1).tobytes()), channel=1, **whole(1 - volume))


def mha(lines, data):
    return ("\n".join(["ObjectType = Image", "NDims = 3", "DimSize = 11 9 6", *lines]) + "\n").encode() + data


order = ["BinaryData = True", "BinaryDataByteOrderMSB = True", "ElementSpacing = 1 2 3"]
local = "ElementDataFile = LOCAL"
add("short.mha", mha([*order, "ElementType = MET_SHORT", local], volume.astype(">i2").tobytes()), scale=scale,
    **whole(volume))
short = zlib.compress(volume.tobytes())
add("packed.mha", mha(["CompressedData = True", "ElementType = MET_UCHAR", local], short), **whole(volume))


def nifti(array, code, order="<", slope=0, inter=0, dims=None):
    shape = dims or list(reversed(array.shape))
    head = bytearray(352)
    struct.pack_into(order + "i", head, 0, 348)
    struct.pack_into(order + "8h", head, 40, len(shape), *shape, *[1] * (7 - len(shape)))
    struct.pack_into(order + "hh", head, 70, code, 8 * array.dtype.itemsize)
    struct.pack_into(order + "8f", head, 76, 1, 1, 2, 3, 1, 1, 1, 1)
    struct.pack_into(order + "fff", head, 108, 352, slope, inter)
    head[123] = 3
    head[344:348] = b"n+1\0"
    return bytes(head) + array.tobytes()


microns = {**scale, "unit": "um"}
add("bytes.nii", nifti(volume, 2), scale=microns, **whole(volume))
add("big.nii", nifti(volume.astype(">f4"), 16, ">"), scale=microns, **whole(volume))
add("scaled.nii", nifti(volume * 2, 2, slope=0.5, inter=1), scale=microns, **whole(volume + 1))
add("times.nii", nifti(np.stack([volume, 1 - volume]), 2), frame=1, scale=microns, **whole(1 - volume))


def hdf5(fill):
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        fill(file)
    return out.getvalue()


def dream3d(file):
    cells = file.create_group("DataContainers/Image/CellData")
    cells.create_dataset("Phases", data=(volume + 1)[..., None].astype("i4"), chunks=(3, 9, 11, 1), compression="gzip")
    cells.create_dataset("FeatureIds", data=np.arange(volume.size, dtype="i4").reshape(*volume.shape, 1))
    file.create_dataset("DataContainers/Image/_SIMPL_GEOMETRY/SPACING", data=np.array([1, 2, 3], "f4"))


add("one.h5", hdf5(lambda file: file.create_dataset("group/rock", data=volume)), **whole(volume))
add("two.dream3d", hdf5(dream3d), array="Phases", scale=scale, **whole(volume + 1))

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(files).replace('}, "', '},\n"') + "\n")
