/**
 * ONNX model files: values, writer and reader.
 */
export * from './onnx-model.ts'
export { decodeModel } from './onnx-reader.ts'
export { encodeModel } from './onnx-writer.ts'
