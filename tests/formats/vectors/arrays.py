"""Makes arrays.json: .npy and .npz files written by NumPy, .png files written by Pillow, and what they hold.

Run with Python 3, NumPy 1.24 and Pillow 9.4: python3 tests/formats/vectors/arrays.py
"""
import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image


def text(data):
    return base64.b64encode(data).decode()


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def entry(name, array, version=None):
    values = array.astype(np.float64).ravel(order="C").tolist()
    return {"name": name, "file": text(npy(array, version)), "shape": list(array.shape), "values": values}


base = np.array([[0, 1, 2], [127, 5, 100]])
arrays = []
for kind in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]:
    array = base - (5 if kind[0] in "if" else 0)
    array = array * {"u": 1, "i": 1, "f": 0.375}[kind[0]]
    for order in "<>":
        arrays.append(entry(order + kind, array.astype(order + kind)))
    arrays.append(entry("Fortran " + kind, np.asfortranarray(array.astype(kind))))
cube = np.arange(24, dtype=">i4").reshape(2, 3, 4)
arrays += [
    entry("booleans", np.array([True, False, True])),
    entry("scalar", np.array(-3.5)),
    entry("empty", np.zeros((0, 3), np.float32)),
    entry("extremes u4", np.array([0, 2**32 - 1], np.uint32)),
    entry("extremes i4", np.array([-(2**31), 2**31 - 1], np.int32)),
    entry("safe i8", np.array([2**53 - 1, -(2**53) + 1])),
    entry("Fortran cube, big-endian", np.asfortranarray(cube)),
    entry("transposed view", cube.transpose(2, 0, 1)),
    entry("version 2", cube, (2, 0)),
    entry("version 3", cube, (3, 0)),
]
small = np.array([0.0, -0.0, 1.5, -65504.0, 2.0**-24, 2.0**-14, 0.333251953125])
for order in "<>":
    arrays.append(entry(order + "f2", small.astype(order + "f2")))
    arrays.append(entry(order + "complex64", small.astype(order + "c8")))
    arrays.append(entry(order + "complex128", small.astype(order + "c16")))
arrays.append(entry("extended", (np.array([0, 1.5, -3, 1e300, 2**-1022, 0.1])).astype("<f16")))

refused = {
    "complex": text(npy(np.full(2, 1j, np.complex64))),
    "records": text(npy(np.zeros(2, [("a", "<f4"), ("b", "<i4")]))),
    "dates": text(npy(np.zeros(2, "M8[D]"))),
    "several texts": text(npy(np.array(["a", "b"]))),
    "objects": text(npy(np.array([None, {}], dtype=object))),
    "unsafe i8": text(npy(np.array([2**53 + 1]))),
}
texts = {value: text(npy(np.array(value))) for value in ["", "abc", "grüße 𠀀 漢"]}
texts["swapped"] = text(npy(np.array("swapped").astype(">U9")))

images = np.arange(2 * 1 * 3 * 4, dtype=np.int64).reshape(2, 1, 3, 4)
stored, packed = io.BytesIO(), io.BytesIO()
np.savez(stored, images=images, labels=np.array([7, 300]), note=np.array("a note"))
np.savez_compressed(packed, images[:, 0])

ramp = (np.arange(5 * 3).reshape(3, 5) * 17).astype(np.uint8)
colour = np.stack([ramp, 255 - ramp, ramp // 2], axis=-1)


def png(image, **options):
    out = io.BytesIO()
    image.save(out, "png", **options)
    return text(out.getvalue())


def picture(name, image, values, **options):
    values = np.asarray(values)
    return {"name": name, "file": png(image, **options), "shape": list(values.shape), "values": values.ravel().tolist()}


def indexed(palette, bits):
    indices = ramp % len(palette)
    image = Image.fromarray(indices, "P")
    image.putpalette([value for entry in palette for value in entry])
    return image, np.array(palette)[indices].transpose(2, 0, 1), {"bits": bits}


bits = ramp % 2
deep = (ramp.astype(np.int64) * 257 - 3 * (ramp > 0)).astype(np.uint16)
greys = indexed([(9, 9, 9), (200, 200, 200)], 1)
colours = indexed([(1, 2, 3), (4, 5, 6), (250, 0, 7)], 2)
many = indexed([(i, 255 - i, 7) for i in range(100)], 8)
opaque = Image.fromarray(np.dstack([colour, np.full_like(ramp, 255)]), "RGBA")
grey_alpha = Image.fromarray(np.dstack([ramp, np.full_like(ramp, 255)]), "LA")
pictures = [
    picture("1-bit grey", Image.fromarray(bits.astype(bool)), bits[None]),
    picture("8-bit grey", Image.fromarray(ramp, "L"), ramp[None]),
    picture("16-bit grey", Image.fromarray(deep), deep[None]),
    picture("RGB", Image.fromarray(colour, "RGB"), colour.transpose(2, 0, 1)),
    picture("grey palette of 1 bit", greys[0], greys[1][:1], **greys[2]),
    picture("colour palette of 2 bits", colours[0], colours[1], **colours[2]),
    picture("colour palette of 8 bits", many[0], many[1], **many[2]),
    picture("opaque RGBA", opaque, colour.transpose(2, 0, 1)),
    picture("opaque grey and alpha", grey_alpha, ramp[None]),
    picture("palette with opaque alpha", colours[0], colours[1], **colours[2], transparency=bytes([255, 255, 255])),
]
veiled = np.dstack([colour, np.full_like(ramp, 255)])
veiled[1, 2, 3] = 254
transparent = {
    "RGBA": png(Image.fromarray(veiled, "RGBA")),
    "palette": png(colours[0], transparency=1, **colours[2]),
    "one colour": png(Image.fromarray(ramp, "L"), transparency=17),
}

path = pathlib.Path(__file__).with_suffix(".json")
archives = {"stored": text(stored.getvalue()), "packed": text(packed.getvalue())}
content = {
    "arrays": arrays,
    "refused": refused,
    "texts": texts,
    "archives": archives,
    "pictures": pictures,
    "transparent": transparent,
}
path.write_text(json.dumps(content, indent=None).replace("}, {", "},\n{") + "\n")
