/** The job `simulate`: what a measurement would see of images. */
import { cannot, refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import type { NdArray } from '../../formats/array.ts'
import { writeNpz } from '../../formats/npz.ts'
import { likelihood, measured, operator } from '../../restoration/index.ts'
import type { Context } from '../context.ts'
import { decimal, text } from '../fields.ts'
import { endingOf, type OutFile } from '../files.ts'
import { seedField } from '../generate/fields.ts'
import { loadImages } from '../input/images.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, packed, seedArray } from '../output/images.ts'
import { jobRecord, recordKey, recordText } from '../record.ts'
import type { JobOf } from '../schema.ts'
import { measuringFields, operatorOf, scatterOf } from './operator-text.ts'

export const simulateSchema = {
  input: text({ help: 'needed: images: png, npy, npz, idx, or a folder', argument: '<path>' }),
  ...measuringFields,
  photons: decimal({
    help: 'mean of what is measured, which tells the gain (default: the gain is 1)',
    argument: '<n>',
    above: 0,
  }),
  gain: decimal({
    help: 'instead: what one unit of the image gives on average',
    argument: '<g>',
    above: 0,
  }),
  seed: seedField,
} as const

export type SimulateJob = JobOf<typeof simulateSchema>

/** What was seen of images. */
export interface Simulated {
  /** [N, C, h, w] */
  readonly seen: Float64Array
  readonly shape: readonly number[]
  /** What one unit gave, [N]. */
  readonly gains: readonly number[]
  readonly said: string
  files(path: string): Promise<readonly OutFile[]>
}

/** @throws UsageError or RangeError for what does not fit together */
export function simulate(job: SimulateJob, { files, say }: Pick<Context, 'files' | 'say'>): Simulated {
  const { input, operator: named, photons, gain, seed, normalise } = job
  if (input === undefined) throw refused('run saltus simulate', 'input', 'given', undefined)
  if (named === undefined) throw refused('run saltus simulate', 'operator', 'given', undefined)
  if (photons !== undefined && gain !== undefined)
    throw refused('run saltus simulate', 'gain', 'left out with photons', gain)
  const { scatter = 'poisson', boundary = 'no-flux' } = job
  const law = scatterOf(scatter)
  const set = loadImages(input, { files, say })
  const of = operator(operatorOf(named, { shape: set.shape, boundary, normalise, files, say }), set.shape)
  const length = of.shape.reduce((product, side) => product * side, 1)
  const seen = new Float64Array(set.count * length)
  const bare = new Float64Array(length)
  const gains = Array.from({ length: set.count }, (_, i) => {
    const image = set.counts.subarray(i * of.size, (i + 1) * of.size)
    of.apply(image, bare)
    const mean = bare.reduce((sum, e) => sum + e, 0) / length
    if (photons !== undefined && !(mean > 0))
      throw new RangeError(cannot('simulate', `what is seen of image ${i}`, 'some units', 'none'))
    const g = photons === undefined ? (gain ?? 1) : photons / mean
    const stream = random(seed).fork(i)
    const drawn = law
      ? measured(image, { operator: of, likelihood: likelihood(law), gain: g }, stream)
      : bare.map(e => g * e)
    seen.set(drawn, i * length)
    return g
  })
  const shape = [set.count, ...of.shape] as const
  const record = jobRecord({ job: { kind: 'simulate', ...job }, sha256: {}, fingerprint: 'none' })
  const told = { operator: named, scatter, boundary, normalise: String(normalise) }
  return {
    seen,
    shape,
    gains,
    said: `${set.count} measured as ${of.shape.join('×')}, ${short(seen.reduce((a, b) => a + b, 0) / seen.length)} in each place on average`,
    async files(path) {
      const counts = Int32Array.from(seen, value => Math.max(0, Math.round(value)))
      const [name] = imageNames(path, shape)
      if (endingOf(path) !== '.npz') return imageFiles(path, { counts, shape }, { record })
      const gain: NdArray = { data: Float64Array.from(gains), shape: [gains.length] }
      const samples: NdArray =
        law?.kind === 'poisson' ? packed({ counts, shape }) : { data: seen, shape: [...shape] }
      const text = { [recordKey]: recordText(record) }
      return [{ name, bytes: writeNpz({ samples, gain, ...told, seed: seedArray(seed), ...text }) }]
    },
  }
}

const short = (value: number) => String(Number(value.toPrecision(4)))
