/** What `saltus inpaint` completes, of whatever kind it is: what is asked of the holes, and how the images are written. */
import type { Surroundings } from '../model/conditions.ts'
import type { ModelFile } from '../model/file.ts'
import type { ProcessDescription } from '../process/index.ts'
import type { Drawn } from './draw.ts'
import type { DrawingFlags } from './drawing-flags.ts'
import type { FractionFlags } from './fractions.ts'
import type { MassRange } from './wishes.ts'

export interface InpaintFlags extends DrawingFlags, FractionFlags {
  readonly model: string
  readonly input?: string
  readonly mask?: string
  readonly mass?: MassRange[]
  readonly class?: string
  readonly count: number
  readonly out?: string[]
}

/** Where everything comes from and goes to. */
export interface HolePaths {
  readonly input: string
  readonly mask: string
  readonly out: readonly string[]
}

/** What is to be completed, and how it is written. Building it checks what is asked for, before any work is done. */
export interface Holes {
  readonly model: ModelFile
  /** The walk that is undone; default: the model's. */
  readonly process?: ProcessDescription
  readonly surroundings: Surroundings
  /** Of the whole images, holes filled, [N][C]. */
  readonly masses: readonly (readonly number[])[]
  /** The class that the network is told. */
  readonly label?: number
  /** Checks what the holes have received, writes the images, and tells of it. Throws InvariantError. */
  write(drawn: Drawn): Promise<string> | string
}
