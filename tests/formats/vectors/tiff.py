"""Makes tiff.json: small TIFF files written by tifffile and Pillow, and what they hold.

Run with Python 3.11, tifffile 2026.3, imagecodecs 2026.3 and Pillow 12: python3 tests/formats/vectors/tiff.py
"""
import base64
import io
import json
import pathlib

import numpy as np
import tifffile
from PIL import Image

draws = np.random.default_rng(7)
bytes8 = draws.integers(0, 256, (3, 18, 21)).astype("u1")
words = draws.integers(0, 65536, (2, 19, 20)).astype("u2")
signed = draws.integers(-32768, 32768, (2, 19, 20)).astype("i2")
labels = draws.integers(0, 3, (4, 9, 7)).astype("u1")
files = []


def add(name, array, file, scale=None):
    text = base64.b64encode(file).decode()
    values = np.asarray(array).ravel().tolist()
    files.append({"name": name, "file": text, "shape": list(array.shape), "values": values, "scale": scale})


def written(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, **{"photometric": "minisblack", "metadata": None, **options})
    return out.getvalue()


for packing in [None, "lzw", "deflate", "packbits"]:
    for order in "<>":
        add(f"bytes {packing} {order}", bytes8, written(bytes8, compression=packing, byteorder=order, rowsperstrip=5))
        add(f"words {packing} {order} tiles", words, written(words, compression=packing, byteorder=order, tile=(16, 16)))
add("signed, big-endian, predicted", signed, written(signed, byteorder=">", compression="lzw", predictor=2, tile=(16, 16)))
rows = draws.integers(0, 4, (1, 700, 3)).astype("u2")
for packing in ["lzw", "packbits"]:
    add(f"many strips {packing}", rows, written(rows, byteorder=">", compression=packing, rowsperstrip=2))
add("words, big-endian, predicted", words, written(words, byteorder=">", compression="deflate", predictor=2))
add("words, predicted", words, written(words, compression="lzw", predictor=2, tile=(16, 16)))
add("labels, BigTIFF, Zstandard", labels, written(labels, bigtiff=True, compression="zstd"))
add("bits", labels % 2, written((labels % 2).astype(bool)))
reals = draws.random((2, 5, 6)).astype("f4")
add("reals", reals.astype("f8"), written(reals, compression="deflate", predictor=3))
equal = np.repeat(labels[0][..., None], 3, 2)
add("three equal colours", labels[:1], written(equal, photometric="rgb"))

micrometres = {"x": 5.7, "y": 5.7, "unit": "um"}
imagej = {"axes": "ZYX", "spacing": 2.5, "unit": "\\u00B5m"}
file = written(labels, imagej=True, resolution=(1 / 5.7, 1 / 5.7), metadata=imagej)
add("ImageJ, micron", labels, file, {**micrometres, "z": 2.5})
contiguous = written(words, imagej=True, truncate=True, metadata={"axes": "ZYX"}, byteorder=">")
assert len(tifffile.TiffFile(io.BytesIO(contiguous)).pages) == 1
add("ImageJ, one page for all, big-endian", words, contiguous)
add("centimetres", labels, written(labels, resolution=(1e4 / 5.7, 1e4 / 5.7), resolutionunit="CENTIMETER"), micrometres)
add("dots per inch", labels, written(labels, resolution=(300, 300), resolutionunit="INCH"))
out = io.BytesIO()
sizes = {f"PhysicalSize{axis}": size for axis, size in zip("XYZ", [0.398, 0.398, 0.5])}
units = {f"PhysicalSize{axis}Unit": "µm" for axis in "XYZ"}
tifffile.imwrite(out, labels, ome=True, photometric="minisblack", metadata={"axes": "ZYX", **sizes, **units})
add("OME", labels, out.getvalue(), {"x": 0.398, "y": 0.398, "z": 0.5, "unit": "um"})

pages = [Image.fromarray(page) for page in labels]
out = io.BytesIO()
pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
add("Pillow", labels, out.getvalue())
for page in pages:
    page.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
out = io.BytesIO()
pages[0].save(out, "TIFF", compression="tiff_adobe_deflate")
add("palette", labels[:1], out.getvalue())

refused = {}
refused["coloured"] = written(draws.integers(0, 9, (4, 5, 3)).astype("u1"), photometric="rgb")
refused["predicted"] = written(reals, byteorder=">", compression="deflate", predictor=3)
refused["fax"] = io.BytesIO()
Image.fromarray(labels[0] == 1).save(refused["fax"], "TIFF", compression="group4")
refused["fax"] = refused["fax"].getvalue()
for name, second in [("unequal", labels[1][:, :5]), ("mixed", words[0][:9, :7])]:
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for page in [labels[0], second]:
            writer.write(page, photometric="minisblack", metadata=None)
    refused[name] = out.getvalue()

vectors = {"files": files, "refused": {name: base64.b64encode(file).decode() for name, file in refused.items()}}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(vectors, separators=(",", ":")) + "\n")
