/** What a program on Node imports from 'saltus/node': models opened and trained in a line, with the machine's threads. */
export type { Samples } from './jobs/generate/samples.ts'
export type { CompleteOptions, GenerateOptions, Opened, TrainOptions } from './jobs/open.ts'
export { recordIn } from './jobs/record.ts'
export type { Trained } from './jobs/train/train.ts'
export { type MachineOptions, machine } from './node/machine.ts'
export { modelPath, shipped } from './node/models.ts'
export { open, train } from './node/open.ts'
export { type Device, devices, onnxruntimeNode } from './runtime/onnxruntime-node.ts'
