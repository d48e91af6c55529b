/** The job `deform`: images, and masks with them, along smooth random flows, no unit made or lost. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import type { NdArray } from '../../formats/array.ts'
import { writeNpz } from '../../formats/npz.ts'
import { type Field, flow, folds, pulled, pushed, velocity } from '../../restoration/index.ts'
import type { Context } from '../context.ts'
import { decimal, text, whole } from '../fields.ts'
import { endingOf, type OutFile } from '../files.ts'
import { seedField } from '../generate/fields.ts'
import { loadImages } from '../input/images.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, massArray, packed, seedArray } from '../output/images.ts'
import { jobRecord, recordKey, recordText } from '../record.ts'
import { type JobOf, usually } from '../schema.ts'

export const deformSchema = {
  input: text({ help: 'needed: images: png, npy, npz, idx, or a folder', argument: '<path>' }),
  masks: text({
    help: 'masks or labels of the images, one plane each of their size, which go along: png, npy, npz',
    argument: '<path>',
  }),
  amplitude: usually(
    decimal({
      help: 'root mean square of the displacement, about, as a share of the shorter side',
      argument: '<share>',
      least: 0,
      most: 0.3,
    }),
    0.1,
  ),
  scales: usually(
    whole({ help: 'scales of the flow: a quarter of the shorter side, half of that, …', least: 1, most: 6 }),
    3,
  ),
  count: usually(whole({ help: 'how many of each image', short: 'n', least: 1, most: 1_000_000 }), 1),
  seed: seedField,
} as const

export type DeformJob = JobOf<typeof deformSchema>

export interface Deformed {
  /** [N · count, C, H, W] */
  readonly counts: Int32Array
  readonly shape: readonly number[]
  /** Masks that went along, [N · count, H, W]. */
  readonly masks?: Int32Array
  /** The share of the sites where each flow folds, [N · count]. */
  readonly folds: Float32Array
  readonly said: string
  files(path: string): Promise<readonly OutFile[]>
}

/** @throws UsageError or RangeError for what does not fit together */
export function deform(job: DeformJob, { files, say }: Pick<Context, 'files' | 'say'>): Deformed {
  const { input, masks: path, amplitude, scales, count, seed } = job
  if (input === undefined) throw refused('run saltus deform', 'input', 'given', undefined)
  const set = loadImages(input, { files, say })
  const [channels, height, width] = set.shape
  const [sites, all] = [height * width, set.count * count]
  const along = path === undefined ? undefined : loadImages(path, { files, say })
  const fits = !along || (along.count === set.count && String(along.shape) === String([1, height, width]))
  if (!fits) {
    const wanted = `${set.count} planes of ${height}×${width}, as the images`
    throw new RangeError(cannot('deform', 'the masks', wanted, [along.count, ...along.shape]))
  }
  const shape = [all, channels, height, width] as const
  const counts = new Int32Array(all * channels * sites)
  const masks = along && new Int32Array(all * sites)
  const moved = new Float32Array(all * 2 * sites)
  const folded = new Float32Array(all)
  for (let i = 0; i < all; i++) {
    const of = Math.floor(i / count)
    const stream = random(seed).fork(i)
    const speed = velocity([height, width], { amplitude, scales, random: stream })
    const there: Field = flow(speed)
    const clean = Int32Array.from(set.counts.subarray(of * channels * sites, (of + 1) * channels * sites))
    const image = pushed(clean, there, stream)
    demandKept(clean, image, i)
    counts.set(image, i * image.length)
    moved.set(there.data, i * 2 * sites)
    folded[i] = folds(there)
    const own = along && Int32Array.from(along.counts.subarray(of * sites, (of + 1) * sites))
    if (own) masks?.set(pulled(own, flow(speed, -1)), i * sites)
  }
  const labels =
    set.labels && Int32Array.from({ length: all }, (_, i) => set.labels?.[Math.floor(i / count)] ?? 0)
  const record = jobRecord({ job: { kind: 'deform', ...job }, sha256: {}, fingerprint: 'none' })
  const far = Math.sqrt(moved.reduce((sum, v) => sum + v * v, 0) / all / sites)
  const most = folded.reduce((largest, share) => Math.max(largest, share), 0)
  const masksArray: NdArray | undefined = masks && { data: masks, shape: [all, height, width] }
  return {
    counts,
    shape,
    ...(masks && { masks }),
    folds: folded,
    said: `${all} deformed by ${short(far)} sites (root mean square), folds in ${short(100 * most)} % at most, masses kept: equal`,
    async files(to) {
      const [name] = imageNames(to, shape)
      if (endingOf(to) !== '.npz') return imageFiles(to, { counts, shape }, { record })
      const more: Record<string, NdArray | string> = {
        mass: massArray({ counts, shape }),
        displacement: { data: moved, shape: [all, 2, height, width] },
        folds: { data: folded, shape: [all] },
        seed: seedArray(seed),
        [recordKey]: recordText(record),
        ...(labels && { labels: { data: labels, shape: [all] } }),
        ...(masksArray && { masks: masksArray }),
      }
      return [{ name, bytes: writeNpz({ samples: packed({ counts, shape }), ...more }) }]
    },
  }
}

function demandKept(before: Int32Array, after: Int32Array, image: number): void {
  const [was, is] = [before, after].map(counts => counts.reduce((sum, n) => sum + n, 0))
  if (was !== is) throw new InvariantError(cannot('deform', `the mass of image ${image}`, String(was), is))
}

const short = (value: number) => String(Number(value.toPrecision(3)))
