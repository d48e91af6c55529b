/** Models of homogeneous materials on lattices of another size than the crops that they were trained on. */
import { cannot, demand } from '../base/errors.ts'
import type { BlocksDescription, PatchworkDescription } from '../process/index.ts'
import type { ProcessDescription } from '../process/process.ts'
import type { SolverDescription } from '../sampling/solver.ts'
import { sizeOf } from '../tensor/index.ts'
import type { ModelDescription } from './description.ts'
import { encodeModelFile, layoutFor, type ModelFile } from './file.ts'

/** A model for another size, and the walk that its rates undo there. */
export interface Resized {
  readonly model: ModelFile
  readonly process: ProcessDescription
}

/** What a model says of samples of another shape [C, ...sites]: their masses, and how many there are in a tile. */
export function describedAt(description: ModelDescription, shape: readonly number[]): ModelDescription {
  const { task, data, tile } = description
  const [, ...lengths] = shape
  const area = sizeOf(lengths) / sizeOf(task.shape.slice(1))
  const masses = scaled(data.masses, { area, sites: sizeOf(lengths) })
  const totals = masses.map(of => of.reduce((sum, mass) => sum + mass, 0))
  return {
    ...description,
    process: { ...description.process, lengths } as ProcessDescription,
    task: { ...task, shape, periodic: lengths.map((_, axis) => task.periodic[axis] ?? task.periodic[0]) },
    tile: Math.max(1, Math.min(tile, Math.floor(tile / area))),
    data: { ...data, shape, masses, range: [Math.min(...totals), Math.max(...totals)] },
  }
}

/** What samples of another size are, and where they begin. */
export interface Sized {
  readonly description: ModelDescription
  readonly process: ProcessDescription
}

/**
 * What a model of crops says of samples on a lattice [H, W] or [D, H, W]: the masses become those of images of the new size, the hop
 * rate and the times stay, and so does what is left of long waves at t = 1 (see `patchwork`).
 *
 * @throws RangeError for a model whose images are not homogeneous, and for sides below 4 or above 8192
 */
export function sizedAt(description: ModelDescription, size: readonly number[]): Sized {
  const { task } = description
  const what = 'change the size of samples'
  demandAxes(description, size)
  for (const side of size)
    demand(Number.isInteger(side) && side >= 4 && side <= 8192, what, 'a side', 'from 4 to 8192', side)
  const fits = task.homogeneous === true
  demand(fits, what, 'the model', 'one of crops of a material, whose samples have any size', task.shape)
  const at = describedAt(description, [task.shape[0], ...size])
  const { process, sampling } = beginningOf(at.process, description)
  return { description: { ...at, sampling }, process }
}

/**
 * The same network on a lattice [H, W] or [D, H, W]: its weights know no size. @throws RangeError as `sizedAt` does, and for sides
 * too short for its levels
 */
export function resized(file: ModelFile, size: readonly number[]): Resized {
  const { description: now } = file
  if (String(size) === String(now.task.shape.slice(1))) return { model: file, process: now.process }
  const { description, process } = sizedAt(now, size)
  demandLevels(file, size)
  const bytes = encodeModelFile(description, file.parameters, { half: true })
  return { model: { description, bytes, parameters: file.parameters }, process }
}

/**
 * tau from which on samples whose blocks are known are walked back, over the square of the side of the crops. Of eight samples of 256² of a
 * sandstone learned from crops of 64² (30) the standard deviation of the porosity of blocks of 64 voxels was 0.080 (0.081 in windows of the rock), S2 at 16
 * voxels 0.056 (0.056) and at 24 0.005 (0.002) of φ(1 − φ); from 100 on 0.092, 0.093 and 0.035: what the network adds over long distances is too
 * much. Volumes of 64³ from crops of 32³ began at 156 with pores twice too wide; docs/volumes.md has them.
 */
const START = 30 / 64 ** 2

/**
 * Where samples begin: as blocks where their law is known, so near to the end that the network has learned all of the way
 * (within √(2 tau) of the sides of its crops it learned nothing); else as a patchwork of crops' masses.
 */
function beginningOf(
  walk: ProcessDescription,
  { data, task, sampling }: ModelDescription,
): { process: BlocksDescription | PatchworkDescription | ProcessDescription; sampling: SolverDescription } {
  // What begins from the sums of its blocks needs no other beginning.
  if ((walk as { within?: number }).within !== undefined) return { process: walk, sampling }
  const { blocks } = data.material ?? {}
  const { rate } = walk as ProcessDescription & { rate: number }
  const { calls, smallest } = sampling as SolverDescription & { calls?: number; smallest?: number }
  const patch = task.shape.slice(1)
  const start = START * Math.min(...patch) ** 2
  if (blocks?.lags.length !== patch.length || rate <= start || !smallest || !calls || smallest >= start)
    return { process: { kind: 'patchwork', walk, patch, masses: data.masses }, sampling }
  // As many calls as the same steps in log tau make.
  const share = Math.log(start / smallest) / Math.log(rate / smallest)
  return {
    process: { kind: 'blocks', walk: { ...walk, rate: start } as ProcessDescription, blocks },
    sampling: { ...sampling, calls: Math.max(2, Math.round(calls * share)) },
  }
}

/** Models of slices and of volumes draw what they have learned. */
function demandAxes({ task }: ModelDescription, size: readonly number[]): void {
  const axes = task.shape.length - 1
  if (size.length === axes) return
  const wanted =
    axes === 2
      ? 'height and width: the model is one of images (volumes of a material: --from-slices)'
      : 'depth, height and width: the model is one of volumes'
  throw new RangeError(cannot('change the size of samples', 'the size', wanted, size))
}

/** A network that halves its images some times has fewer levels, and so fewer weights, where a side is too short for that. */
function demandLevels({ description, parameters }: ModelFile, size: readonly number[]): void {
  const { task, network } = description
  const [channels, ...lengths] = task.shape
  const holds = (sides: readonly number[]) =>
    layoutFor({ task: { ...task, shape: [channels, ...sides] }, network }).size === parameters.length
  if (holds(size)) return
  const all = (side: number) => lengths.map(() => side)
  let least = Math.min(...lengths)
  while (least > 4 && holds(all(least - 1))) least--
  const wanted = `of at least ${least}, which the levels of the network need`
  throw new RangeError(cannot('change the size of samples', 'the sides', wanted, size))
}

/** Masses of larger or smaller images: the mean grows as the area does, what differs from it as the area's root. */
function scaled(
  masses: ModelDescription['data']['masses'],
  { area, sites }: { area: number; sites: number },
): number[][] {
  const [one] = masses
  const means = one.map((_, c) => masses.reduce((sum, of) => sum + of[c], 0) / masses.length)
  return masses.map(of => {
    let left = sites
    return of.map((mass, c) => {
      const part = Math.round(area * means[c] + Math.sqrt(area) * (mass - means[c]))
      const kept = Math.min(left, Math.max(0, part))
      left -= kept
      return kept
    })
  })
}
