/** The build of ONNX Runtime for WebGPU: larger, and loaded where a page asks for it alone. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu'

export const library = { env, InferenceSession, Tensor }
