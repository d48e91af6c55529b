/** What is drawn by `saltus sample`, of whatever kind it is: what is asked of each sample, and how all are written. */
import type { ModelDescription } from '../model/description.ts'
import type { Drawn } from './draw.ts'
import type { FractionFlags } from './fractions.ts'
import type { MassRange, Wish } from './wishes.ts'

/** What the flags ask of the samples. */
export interface SampleFlags extends FractionFlags {
  readonly count: number
  readonly seed: number
  readonly class?: string
  readonly classes: boolean
  readonly mass?: readonly MassRange[]
}

/** What samples are made of. */
export interface SampleOf {
  /** The name of the model. */
  readonly name: string
  readonly description: ModelDescription
  /** How many masses its process keeps: one for each channel, or none. */
  readonly conserved: number
  readonly flags: SampleFlags
  readonly out: readonly string[]
}

/** Samples of one kind. Building them checks what is asked for and where it is to go, before any work is done. */
export interface Samples {
  /** What they are called, in the plural. */
  readonly noun: string
  readonly wished: readonly Wish[]
  /** Whether no site may hold two units. */
  /** What the user should know beforehand. */
  readonly warnings: readonly string[]
  /** Checks that what was asked for is what was drawn, writes it, and tells of it. Throws InvariantError. */
  write(drawn: Drawn): string
}
