/** The job `diffuse`: the exact forward process of any image or array. */
import { cannot, InvariantError, refused, UsageError } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import type { JumpProcess } from '../../process/index.ts'
import type { Context } from '../context.ts'
import { decimal, oneOf, several, text, whole } from '../fields.ts'
import type { OutFile } from '../files.ts'
import { loadImages } from '../input/images.ts'
import { largest, massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { type Images, imageNames, massArray, seedArray, span } from '../output/images.ts'
import { jobRecord } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'
import { processNamed, processNames } from '../train/processes.ts'

export const diffuseSchema = {
  input: text({
    help: 'needed: an image or array [H, W], [N, H, W] or [N, C, H, W]: PNG, .npy, .npz, idx',
    argument: '<path>',
  }),
  time: several(
    decimal({ help: 'times from 0 to 1, one or several: 0.01,0.1,1', argument: '<list>', least: 0, most: 1 }),
  ),
  tau: several(
    decimal({
      help: 'instead: mean hops per direction, or deaths of a unit, one or several',
      argument: '<list>',
      least: 0,
    }),
  ),
  process: usually(
    oneOf(processNames, {
      help: 'what happens to the units: spatial (they walk), labels (the same, of phases) or blackout (they die)',
    }),
    'spatial',
  ),
  count: usually(whole({ help: 'independent trajectories of every image', short: 'n', least: 1 }), 1),
  boundary: usually(oneOf(['periodic', 'no-flux'] as const, { help: 'periodic or no-flux' }), 'no-flux'),
  rate: decimal({
    help: 'hops per direction, or deaths, from time 0 to 1 (default: mixes the lattice; blackout: 15)',
    argument: '<r>',
    above: 0,
  }),
  seed: usually(whole({ help: 'seed', least: 0 }), 0),
} as const

export type DiffuseJob = JobOf<typeof diffuseSchema>

/** Images on their way. */
export interface Diffused {
  /** [N · copies · times, C, H, W] */
  readonly counts: Int32Array
  readonly shape: Images['shape']
  /** Mean hops per direction at each time, or deaths of a unit. */
  readonly taus: readonly number[]
  readonly said: string
  files(path: string): Promise<readonly OutFile[]>
}

/** @throws UsageError for times that are not said, RangeError for more than fits into `names` of files */
export function diffuse(
  job: DiffuseJob,
  { files, say }: Pick<Context, 'files' | 'say'>,
  out: readonly string[] = [],
): Diffused {
  if (job.input === undefined) throw refused('run saltus diffuse', 'input', 'given', undefined)
  const { tau, time, rate, seed } = job
  if ((time === undefined) === (tau === undefined)) {
    throw new UsageError(
      `Cannot diffuse: one of --time and --tau must be given, got ${time ? 'both' : 'neither'}`,
    )
  }
  if (tau && rate !== undefined) throw refused('diffuse', 'rate', 'given with --time only', rate)
  const set = loadImages(job.input, { files, say })
  const [channels, height, width] = set.shape
  // With tau the rate only sets the unit of time: the largest τ falls on t = 1.
  const walk = processNamed(job.process).build({
    lengths: [height, width],
    boundary: job.boundary,
    channels,
    largest: largest(set.counts),
    rate: tau ? Math.max(...tau) || 1 : rate,
  })
  const times = time ?? (tau ?? []).map(t => t / walk.rate)
  const shape = [set.count * job.count * times.length, channels, height, width] as const
  for (const path of out) imageNames(path, shape)
  const counts = walks(walk, set, { times, copies: job.count, seed })
  const images: Images = { counts, shape }
  const taus = times.map(t => t * walk.rate)
  const mass = massArray(images)
  if (walk.conserved > 0) demandKept(mass.data, set, job.count * times.length)
  const many = shape[0] / times.length
  const listed = taus.map(t => short(t, 4)).join(', ')
  const noun = walk.motion > 0 ? 'walk' : 'path'
  const kept = walk.conserved > 0 ? 'kept exactly' : `of ${span(massesOf(set).flat())}`
  return {
    ...images,
    taus,
    said: `${many} ${noun}${many > 1 ? 's' : ''} at τ = ${listed}; masses ${span(mass.data)}, ${kept}`,
    files: path =>
      imageFiles(path, images, {
        captions: Array.from({ length: shape[0] }, (_, i) => short(taus[i % taus.length], 3)),
        columns: times.length,
        more: { mass, tau: { data: Float64Array.from(taus), shape: [taus.length] }, seed: seedArray(seed) },
        record: jobRecord({ job: { kind: 'diffuse', ...job }, sha256: {}, fingerprint: 'none' }),
      }),
  }
}

const short = (value: number, digits: number) => String(Number(value.toPrecision(digits)))

/**
 * Walks of every image, [N · copies · times, C, H, W]: one and the same walk is seen at all its times, for a
 * walk goes on from where it has come to as if it began there.
 */
function walks(
  walk: JumpProcess,
  set: ImageSet,
  { times, copies, seed }: { times: readonly number[]; copies: number; seed: number },
): Int32Array {
  const size = walk.channels * walk.sites
  const counts = new Int32Array(set.count * copies * times.length * size)
  const rising = times.map((_, k) => k).sort((a, b) => times[a] - times[b])
  for (let row = 0; row < set.count * copies; row++) {
    const image = Math.floor(row / copies)
    const stream = random(seed)
      .fork(image)
      .fork(row % copies)
    let clean = Int32Array.from(set.counts.subarray(image * size, (image + 1) * size))
    let now = 0
    for (const k of rising) {
      const at = (row * times.length + k) * size
      const noisy = counts.subarray(at, at + size)
      walk.corrupt(clean, times[k] - now, { random: stream, noisy })
      clean = noisy
      now = times[k]
    }
  }
  return counts
}

/** Every walk must hold the masses of the image that it began with. */
function demandKept(delivered: ArrayLike<number>, set: ImageSet, perImage: number): void {
  massesOf(set).forEach((masses, n) => {
    for (let i = 0; i < perImage * masses.length; i++) {
      const [mass, wanted] = [delivered[n * perImage * masses.length + i], masses[i % masses.length]]
      if (mass !== wanted)
        throw new InvariantError(cannot('diffuse', `the mass of image ${n}`, String(wanted), mass))
    }
  })
}
