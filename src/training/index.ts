// Training: batches, the step as one graph, and the loop.
export { type BatchOptions, batches, type Feeds } from './batches.ts'
export { type FitOptions, fitGaussian } from './fit-gaussian.ts'
export { type AdamOptions, adamDefaults } from './optimizer.ts'
export { probeBlock } from './packing.ts'
export { type At, alone, type Ranks } from './ranks.ts'
export { gradientStep, type Objective, originObjective, trainingStep, updateStep } from './step.ts'
export type { Stepper, TrainingState, TrainOptions } from './trainer.ts'
export { accumulatedStep, Diverged, newState, train, wholeStep } from './trainer.ts'
