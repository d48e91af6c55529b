/** What a page imports from 'saltus/web': models opened and trained in a line, the network in WebAssembly. */
export type { Samples } from './jobs/generate/samples.ts'
export type { CompleteOptions, GenerateOptions, Opened, TrainOptions } from './jobs/open.ts'
export type { Trained } from './jobs/train/train.ts'
export { type Assets, onnxruntimeWeb, onnxruntimeWebgpu, type WebDevice } from './runtime/onnxruntime-web.ts'
export { type Held, pageFiles } from './web/files.ts'
export { type OpenOptions, open, recordIn, train } from './web/open.ts'
export { type PageOptions, page } from './web/page.ts'
