/** Symbolic tensors, reverse-mode differentiation and ONNX. */
export { gradient } from './gradient.ts'
export { constant, input } from './leaves.ts'
export { mostHeld } from './memory.ts'
export * from './ops/index.ts'
export { packed } from './packed.ts'
export { halves, irVersion, opset, type PrintedGraph, type PrintOptions, print } from './print.ts'
export { type ElementType, type Op, ordered, sizeOf, type Tensor } from './tensor.ts'
