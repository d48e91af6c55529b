"""Checks ONNX files with the reference implementation: python3 check.py FILE...

Prints the version and the operator set by which they were checked. An onnx package that does not know the files'
operator set checks them by the newest that it knows.
"""

import sys

import onnx

known = onnx.defs.onnx_opset_version()
for path in sys.argv[1:]:
    model = onnx.load(path)
    if model.opset_import[0].version > known:
        model.opset_import[0].version = known
        model.ir_version = min(model.ir_version, onnx.IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    version = model.opset_import[0].version
print(f"onnx {onnx.__version__}, operator set {version}")
