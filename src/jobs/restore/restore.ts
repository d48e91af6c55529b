/** The job `restore`: the scenes that may have given what was measured, each with exactly its mass. */
import { cannot, demand, InvariantError, refused } from '../../base/errors.ts'
import type { BoundaryName } from '../../lattice/index.ts'
import type { DataDescription, ModelDescription } from '../../model/description.ts'
import { decodeModelFile } from '../../model/file.ts'
import { resized } from '../../model/resize.ts'
import { process as processOf, type SpatialDescription } from '../../process/index.ts'
import { type MeasurementDescription, type Operator, operator } from '../../restoration/index.ts'
import { type SolverDescription, solver } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { solverOf } from '../draw/solver.ts'
import { nameOf } from '../files.ts'
import { drawPlan } from '../generate/generate.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import { classesNamed } from '../generate/wishes.ts'
import { massesOf } from '../masses.ts'
import { span } from '../output/images.ts'
import { demandBlocks, massesOfBlocks } from './blocks.ts'
import type { RestoreJob } from './fields.ts'
import { asItIs, demandLearned, learnedEnd, rowsOf } from './learned.ts'
import { operatorOf, scatterOf } from './operator-text.ts'
import { outcome, outcomeNames } from './outcome.ts'
import { demandCounts, loadSeen, type Seen } from './seen.ts'

/** What nothing scatters is told to half a unit. */
const SURE = 0.5

/** What the job asks for, checked. @throws UsageError or RangeError for what does not fit together */
export function restorePlan(
  job: RestoreJob,
  { files, say, rebuild = processOf }: Pick<Context, 'files' | 'say' | 'rebuild'>,
): Plan {
  if (job.input === undefined) throw refused('run saltus restore', 'input', 'given', undefined)
  const { name, file: of, bytes } = files.model(job.model)
  const read = decodeModelFile(bytes, of, { rebuild })
  const { blocks, motion } = rebuild(read.description.process)
  const end = learnedEnd(read.description)
  if (blocks === undefined && !end) demandWalk(read.description, motion)
  if (end) demandLearned(job)
  const seen = loadSeen(job.input, { files, say })
  const told = {
    operator: job.operator ?? seen.operator ?? (blocks === undefined ? end && asItIs : `blocks:${blocks}`),
    scatter: job.scatter ?? seen.scatter ?? (blocks === undefined ? 'poisson' : 'none'),
    boundary: job.boundary ?? (seen.boundary as BoundaryName | undefined),
  }
  if (told.operator === undefined) throw refused('run saltus restore', 'operator', 'given', undefined)
  if (told.scatter === 'poisson') demandCounts(seen, nameOf(job.input))
  if (blocks !== undefined) demandBlocks(job, told, blocks)
  const { data: about } = read.description
  const sides = sidesOf(seen, told.operator)
  const { model, process } =
    about.material && sides ? resized(read, sides) : { model: read, process: undefined }
  const { description } = model
  const { shape } = description.task
  demand(
    shape.length === 3,
    'restore',
    'the model',
    'one of images, not of volumes',
    shape.slice(1).join('×'),
  )
  const { boundaries } = description.process as Partial<SpatialDescription>
  const boundary = told.boundary ?? boundaries?.[0] ?? 'no-flux'
  const seenBy = operatorOf(told.operator, { shape, boundary, normalise: job.normalise, files, say })
  const by = operator(seenBy, shape)
  const fits = end ? shape : by.shape
  if (String(fits) !== String(seen.shape.slice(1)))
    throw new RangeError(
      cannot(
        'restore',
        `what was measured in ${nameOf(job.input)}`,
        end
          ? `${shape.join('×')}, as the model's`
          : `${by.shape.join('×')} of ${told.operator} on ${shape.join('×')}`,
        seen.shape.slice(1).join('×'),
      ),
    )
  const { gains, masses } =
    blocks === undefined
      ? massesFor(job, { seen, by, description })
      : {
          gains: new Array<number>(seen.shape[0]).fill(1),
          masses: massesOfBlocks(seen, { side: blocks, description, each: job.count }),
        }
  const law = scatterOf(told.scatter)
  const measurement: MeasurementDescription = {
    operator: seenBy,
    likelihood: law ?? { kind: 'gaussian', sigma: SURE * Math.min(...gains) },
    gain: gains,
    seen: seen.data,
    each: job.count,
    complement: complemented(about),
  }
  const label = labelOf(job, description)
  const drawnBy = methodOf(job, solverOf(job, description, rebuild))
  const count = seen.shape[0] * job.count
  const of4 = [count, ...shape] as const
  const size = shape.reduce((product, length) => product * length, 1)
  const walk = rebuild(process ?? description.process)
  const kept = walk.conserved > 0
  const received = (counts: Int32Array): number[][] =>
    masses.map((_, i) => walk.invariant(counts.subarray(i * size, (i + 1) * size)))
  return {
    noun: 'images',
    told: { calls: solver(drawnBy).calls },
    warnings: [],
    names: path => outcomeNames(path, of4),
    drawing: {
      model: model.bytes,
      description,
      process,
      ...(end && { told: rowsOf(end, seen, { gains, each: job.count }) }),
      ...(blocks === undefined &&
        !end && {
          restoration: { measurement, strength: job.strength, passes: job.passes, reach: job.reach },
        }),
      solver: drawnBy,
      seed: job.seed,
      masses: kept ? masses : masses.map(() => []),
      labels: label === undefined ? undefined : masses.map(() => label),
      guidance: job.guidance,
    },
    finish({ counts, fingerprint }, record): Samples {
      if (kept) demandReceived(masses, received(counts))
      const found = kept ? received(counts) : massesOf({ counts, count, shape })
      const equal = kept ? ': equal' : ' (this process keeps none)'
      return outcome({
        counts,
        shape: of4,
        each: job.count,
        name,
        seed: job.seed,
        description,
        record,
        fingerprint,
        measurement,
        seenBy: by,
        label,
        said: `masses asked for ${span(masses.flat())}, delivered ${span(found.flat())}${equal}`,
      })
    },
  }
}

/** Restores what a job names. @throws UsageError or RangeError for what does not fit together, Cancelled */
export async function restore(job: RestoreJob, context: Context): Promise<Samples> {
  return drawPlan(restorePlan(job, context), { kind: 'restore', ...job }, context)
}

function demandWalk({ process, data }: ModelDescription, motion: number): void {
  if (motion === 0)
    throw new RangeError(cannot('restore', 'the model', 'one whose units walk on a lattice', process.kind))
  if (data.paper !== undefined)
    throw new RangeError(
      cannot('restore', 'the model', 'one of what is measured', 'one of ink, what is missing from white'),
    )
  if (data.material && data.material.units.length > 1)
    throw new RangeError(cannot('restore', 'the material', 'one of two phases', data.material.phases))
}

/** Whether the units are the pores of a material: what is measured is the solid. */
const complemented = ({ material }: DataDescription) => material?.units[0] === 0

/** The solver of a method, as the other one is told. */
function methodOf({ method, passes }: RestoreJob, usual: SolverDescription): SolverDescription {
  if (method === 'posterior') return usual
  if (passes > 0) throw refused('restore', 'passes', 'left out with the variational method', passes)
  const { calls, smallest, bend, schedule } = usual as SolverDescription & { calls?: number }
  return solver({ kind: 'variational', calls: calls ?? 32, smallest, bend, schedule }).description
}

/** The sides of a material, where what was measured has those of the image. */
function sidesOf({ shape: [, , height, width] }: Seen, told: string): [number, number] | undefined {
  const [, side] = /^blocks:(\d+)$/.exec(told) ?? []
  if (side !== undefined) return [height * Number(side), width * Number(side)]
  return told.startsWith('projections') ? undefined : [height, width]
}

function labelOf({ class: named }: RestoreJob, { data }: ModelDescription): number | undefined {
  const labels = named === undefined ? [] : classesNamed(named, data.classes)
  if (labels.length > 1) throw refused('restore', 'class', 'one class', named)
  return labels[0]
}

/** What each image holds, [N][C], and what a unit gives in each that was measured, [K]. */
function massesFor(
  { mass, porosity, gain, count }: RestoreJob,
  { seen, by, description }: { seen: Seen; by: Operator; description: ModelDescription },
): { gains: number[]; masses: number[][] } {
  const { material } = description.data
  const [channels, height, width] = description.task.shape
  const sites = height * width
  const [measured] = seen.shape
  if (mass && (material || channels > 1))
    throw refused('restore', 'mass', 'left out with materials, and with colours', 'given')
  if (porosity && !material) throw refused('restore', 'porosity', 'left out with a model of images', 'given')
  const asked = mass?.map(([least]) => least) ?? porosity?.map(([least]) => sites - Math.round(least * sites))
  const even = by.sums.every(sum => Math.abs(sum - by.sums[0]) < 1e-6 * by.sums[0])
  const length = seen.data.length / measured / channels
  const gains: number[] = []
  const masses: number[][] = []
  for (let k = 0; k < measured; k++) {
    const totals = Array.from({ length: channels }, (_, c) => {
      let sum = 0
      for (let i = 0; i < length; i++) sum += seen.data[(k * channels + c) * length + i]
      return sum
    })
    const own = gain ?? seen.gain?.[k % seen.gain.length] ?? (material ? 1 : undefined)
    const wish = asked?.[k % asked.length]
    if (wish === undefined && !even)
      throw refused(
        'restore',
        material ? 'porosity' : 'mass',
        'given: not all of the image is seen alike',
        undefined,
      )
    if (own === undefined && (wish === undefined || !even))
      throw refused('restore', 'gain', 'given, by itself or by --mass', undefined)
    gains.push(own ?? totals[0] / by.sums[0] / Math.max(1, wish ?? 1))
    const found =
      wish === undefined
        ? totals.map(total => Math.max(0, Math.round(total / by.sums[0] / gains[k])))
        : [wish]
    const units = complemented(description.data) ? [Math.min(sites, Math.max(0, sites - found[0]))] : found
    for (let i = 0; i < count; i++) masses.push(units)
  }
  return { gains, masses }
}

function demandReceived(wanted: readonly (readonly number[])[], received: readonly number[][]): void {
  received.forEach((masses, i) => {
    if (String(masses) !== String(wanted[i]))
      throw new InvariantError(cannot('restore', `the masses of image ${i}`, String(wanted[i]), masses))
  })
}
