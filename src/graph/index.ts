/** Symbolic tensors, reverse-mode differentiation and ONNX. */
export { gradient } from './gradient.ts'
export { constant, input } from './leaves.ts'
export * from './ops/index.ts'
export { packConvolutions } from './packed.ts'
export { halves, irVersion, opset, print, type PrintedGraph } from './print.ts'
export { type ElementType, type Op, ordered, sizeOf, type Tensor } from './tensor.ts'
