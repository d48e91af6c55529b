/** What is to be drawn, as plain data that can be told to a worker thread, and how a thread draws it. */
import { cannot } from '../../base/errors.ts'
import type { Known } from '../../model/clamped.ts'
import {
  type Condition,
  classes,
  demandTaken,
  type Surroundings,
  surroundings,
} from '../../model/conditions.ts'
import type { ModelDescription } from '../../model/description.ts'
import { fingerprint } from '../../model/fingerprint.ts'
import type { KnownStates } from '../../model/known-states.ts'
import { conditioned, originFunction } from '../../model/origin.ts'
import { restore } from '../../model/restore.ts'
import { silhouetted } from '../../model/silhouette.ts'
import { imageIn, told as tellAll } from '../../model/told.ts'
import type { PartModel, Parts } from '../../model/volume.ts'
import { endAmong } from '../../network/told.ts'
import {
  type JumpProcess,
  type LabelsDescription,
  type ProcessDescription,
  process as processOf,
  type Rebuild,
} from '../../process/index.ts'
import type { CompileOptions, Program, Runtime } from '../../runtime/runtime.ts'
import {
  guided,
  type SampleOptions,
  type SolverDescription,
  sample,
  solver,
  tempered,
} from '../../sampling/index.ts'
import { type Film, witness } from './film.ts'
import type { Restoration } from './restored.ts'

/** N images: image i depends on the seed, on i, and on what is said of it here. */
export interface Drawing {
  /** The bytes of the model file, and what it says of itself. */
  readonly model: Uint8Array
  readonly description: ModelDescription
  /** Where no network sees an image as a whole: the models of its parts, in place of `model`. */
  readonly parts?: Parts
  /** The walk that is undone; default: the model's. */
  readonly process?: ProcessDescription
  readonly solver: SolverDescription
  readonly seed: number
  /** The masses of each image, [N][conserved]: units per channel for the walk; or what a process is told: see `sample`. */
  readonly masses: readonly (readonly number[])[]
  /** The class of each image that the network is told, [N]; undefined: not told. Default: none is. */
  readonly labels?: readonly (number | undefined)[]
  /** What else the network is told, of image i the row i of those there are, over and over again. */
  readonly told?: readonly { readonly name: string; readonly rows: readonly Float32Array[] }[]
  /** The weight w >= 0 of `told^w untold^(1 - w)`, where `untold` is told nothing; default 1. */
  readonly guidance?: number
  /** Of states: see `tempered`; default 1. */
  readonly temperature?: number
  /** Known counts around a hole. */
  readonly surroundings?: Surroundings
  /** Known states around a hole. */
  readonly known?: KnownStates
  /** What is known of one of two parts. */
  readonly clamped?: Known
  /** What was measured of the images. */
  readonly restoration?: Restoration
  /** Times, falling, at which the images are seen on their way; default: none. */
  readonly frames?: readonly number[]
  /** Of its tiles only those from one on and before another are drawn: a shard; default: all. */
  readonly tiles?: readonly [first: number, past: number]
}

/** Images of one tile. */
export interface Painted {
  /** [n, C, H, W] */
  readonly counts: Int32Array
  /** The images on their way, at the times asked for. */
  readonly seen: Film
}

/** How many tiles a drawing has. */
export const tilesOf = ({ masses, description }: Drawing): number =>
  Math.ceil(masses.length / description.tile)

/** The images that are drawn, from one on and before another: those of its tiles. */
export function imagesOf({ masses, description, tiles }: Drawing): readonly [first: number, past: number] {
  if (!tiles) return [0, masses.length]
  const [first, past] = tiles.map(tile => Math.min(masses.length, tile * description.tile))
  return [first, past]
}

/** Whoever draws the tiles of one drawing, one at a time. */
export interface Painter {
  /** Draws the images of a tile: those from its number times the tile's size on. */
  paint(tile: number, onProgress?: TileProgress): Promise<Painted>
  /** The fingerprint of the numerics that it draws with. */
  fingerprint(): Promise<string>
  /** Stops what is under way (it fails with `Cancelled`), and lets go of everything; once, however often it is asked. */
  end(): Promise<void>
}

/** Network calls made and images done of one tile. */
export type TileProgress = (progress: { readonly calls: number; readonly images: number }) => void

/**
 * Sees every state of every image on its way: at its first time, and after each step at the time it has come to, 0 at last.
 * `counts` [C, ...sites] must be copied to be kept.
 */
export type Onlooker = (image: number, time: number, counts: Int32Array) => void

/** What is told beside the classes. */
export function toldOf(
  drawing: Pick<Drawing, 'told' | 'description' | 'process'> & { readonly solver?: SolverDescription },
): Condition[] {
  const { told = [], description } = drawing
  const { task, process: law } = description
  return told.flatMap(({ name, rows }) => {
    const one = task.told?.find(known => known.name === name)
    if (!one) return []
    const row = (image: number) => rows[image % rows.length]
    const said = tellAll(one, row)
    if (one.kind !== 'image' || one.axis === undefined) return [said]
    const { smallest = 0 } = (drawing.solver ?? description.sampling) as { smallest?: number }
    const last = (1.001 * smallest) / ((drawing.process ?? law) as LabelsDescription).rate
    return [said, silhouetted(row, { shape: task.shape, axis: one.axis, last })]
  })
}

/**
 * The process of each image, where the model's images go towards what was seen of them. @throws RangeError where that is not told
 */
export function towards(
  { description: { task }, told = [] }: Pick<Drawing, 'description' | 'told'>,
  walk: JumpProcess,
): Pick<SampleOptions, 'processOf'> {
  const end = endAmong(task.told ?? [], task.shape.slice(1))
  if (!end) return {}
  const { name } = end.one
  const rows = told.find(of => of.name === name)?.rows
  if (!rows || !walk.towards)
    throw new RangeError(
      cannot('draw', `${name}, towards which images go,`, 'told: by saltus restore, or --tell', undefined),
    )
  return { processOf: image => walk.towards!(imageIn(end.one, rows[image % rows.length])) }
}

/** A painter in this thread. Throws RangeError where the model does not take what it is to be told. */
export async function painter(
  drawing: Drawing,
  runtime: Runtime,
  {
    rebuild = processOf,
    onStep: seen,
    ...options
  }: CompileOptions & { readonly rebuild?: Rebuild; readonly onStep?: Onlooker } = {},
): Promise<Painter> {
  const { model, description, masses, seed, labels, guidance = 1, temperature = 1 } = drawing
  const walk = rebuild(drawing.process ?? description.process)
  const batch = description.tile
  const { clamped: part, known } = drawing
  const clamping = part && (await import('../../model/clamped.ts'))
  const stating = known && (await import('../../model/known-states.ts'))
  const untold = [
    ...(drawing.surroundings ? [surroundings(drawing.surroundings)] : []),
    ...(part && clamping ? [clamping.clamped(part)] : []),
    ...(known && stating ? [stating.knownStates(known)] : []),
  ]
  const named = [
    ...(labels?.some(label => label !== undefined) ? [classes(image => labels[image])] : []),
    ...toldOf(drawing),
  ]
  demandTaken(description.task, [...named, ...untold])
  const stop = new AbortController()
  const models = drawing.parts?.models ?? [{ bytes: model, description }]
  const different = [...new Set(models.map(of => of.bytes))]
  const programs: Program[] = []
  for (const bytes of different) programs.push(await runtime.compile(bytes, options))
  const programOf = ({ bytes }: PartModel) => programs[different.indexOf(bytes)]
  const rate = drawing.process && walk.rate
  // What puts parts together, and what restores, is loaded where it is needed.
  const together = drawing.parts && (await import('../../model/parts.ts'))
  const originOf = (conditions: typeof untold) => {
    if (!drawing.parts || !together)
      return originFunction(programs[0], description, { conditions, rate, rebuild, seed })
    // Of blocks each is asked of its own image; slices are of none.
    const said = drawing.parts.kind === 'blocks' ? conditions.filter(({ around }) => !around) : []
    const origins = models.map(of =>
      originFunction(programOf(of), of.description, { conditions: said, rate, rebuild, seed }),
    )
    const whole = together.originOfParts(drawing.parts, origins, { description, signal: stop.signal })
    return conditioned(whole, conditions)
  }
  const told = originOf([...named, ...untold])
  const leaning = named.length > 0 ? guided(guidance, told, originOf(untold)) : told
  const { states = 1 } = description.task
  const origin = tempered(temperature, leaning, { states, sites: walk.sites })
  const own = towards(drawing, walk)
  const restoring = drawing.restoration
    ? (await import('./restored.ts')).restored(drawing, { walk, origin })
    : sample
  let work: Promise<unknown> = Promise.resolve()
  let ending: Promise<void> | undefined
  async function close(): Promise<void> {
    stop.abort()
    await work
    for (const program of programs) await program.release()
  }
  return {
    async paint(tile, onProgress) {
      const first = tile * batch
      const asked = masses.slice(first, first + batch)
      const size = walk.channels * walk.sites
      const { film, onStep } = witness(drawing.frames ?? [], { first, images: asked.length, size })
      const painting = restoring({
        process: walk,
        ...own,
        solver: solver(drawing.solver),
        origin,
        masses: asked,
        seed,
        first,
        batch,
        signal: stop.signal,
        onProgress,
        onStep(image, time, counts) {
          onStep(image, time, counts)
          seen?.(image, time, counts)
        },
      })
      work = painting.catch(() => {})
      const { counts } = await painting
      if (drawing.surroundings) restore(counts, drawing.surroundings, first)
      if (part) clamping?.restoreClamped(counts, part, { first, all: size })
      if (known) stating?.restoreStates(counts, known, first)
      return { counts, seen: film }
    },
    fingerprint: () =>
      fingerprint(
        originFunction(programs[0], models[0].description, { rebuild }),
        models[0].description,
        runtime,
      ),
    end: () => {
      ending ??= close()
      return ending
    },
  }
}
