"""Makes onnx_model.json: a small model printed by the reference implementation, and what it says.

Run with Python 3 and onnx 1.12: python3 tests/formats/vectors/onnx_model.py
"""
import base64
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

listed = helper.make_tensor("listed", TensorProto.FLOAT, [2, 1], [1.5, -2.25])
counts = helper.make_tensor("counts", TensorProto.INT64, [3], [1, -1, 2**40])
small = helper.make_tensor("small", TensorProto.INT32, [2], [-7, 70000])
wide = helper.make_tensor("wide", TensorProto.DOUBLE, [], [0.1])
flags = helper.make_tensor("flags", TensorProto.BOOL, [2], [True, False])
half = helper.make_tensor("half", TensorProto.FLOAT16, [2], [0.5, -2.0])
raw = numpy_helper.from_array(np.arange(4, dtype=np.uint8).reshape(2, 2), "raw")

nodes = [
    helper.make_node("Constant", [], ["one"], value=helper.make_tensor("v", TensorProto.FLOAT, [1], [1.0])),
    helper.make_node("Gemm", ["x", "listed", ""], ["y"], name="g", alpha=0.5, transB=0),
    helper.make_node("Odd", ["y", "one"], ["z"], domain="our.own", mode="wrap", pads=[1, -2], scales=[0.25, 4.0]),
]
graph = helper.make_graph(
    nodes,
    "small graph",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 2])],
    [helper.make_tensor_value_info("z", TensorProto.FLOAT, [None, 1])],
    [listed, counts, small, wide, flags, half, raw],
    doc_string="a field that the reader skips",
)
model = helper.make_model(
    graph,
    producer_name="reference",
    producer_version="1",
    opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("our.own", 2)],
    ir_version=8,
)
helper.set_model_props(model, {"µ": "grüße", "__proto__": "plain"})

tensors = {t.name: base64.b64encode(numpy_helper.to_array(t).tobytes()).decode() for t in graph.initializer}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps({"model": base64.b64encode(model.SerializeToString()).decode(), "tensors": tensors}, indent=1) + "\n"
)
