/** What only Node has: the adapter of ONNX Runtime for the processor, WebGPU and CUDA. */
export { type Device, devices, onnxruntimeNode } from './runtime/onnxruntime-node.ts'
