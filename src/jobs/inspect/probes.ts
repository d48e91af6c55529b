/** Probes of a model's middle over time: what can be read off it by weights alone, and at which time best. */
import { Cancelled, cannot, demand } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { gunzip, isGzip } from '../../formats/gzip.ts'
import { agreement, corrupted, linearProbe, pooled, pooledSize } from '../../inspection/index.ts'
import { middleOf } from '../../model/file.ts'
import { toldFeeds } from '../../model/told.ts'
import type { Context } from '../context.ts'
import { nameOf } from '../files.ts'
import type { InspectJob } from './fields.ts'
import { type Subject, timesOf } from './subject.ts'

/** What is known of every image, a class from 0. */
export interface Attribute {
  readonly name: string
  readonly labels: Int32Array
  readonly classes: number
}

export interface AttributeRow {
  readonly name: string
  readonly classes: number
  /** Share of the most frequent class: what a guess reads. */
  readonly guess: number
  /** Share read rightly at every time, of images that nothing was learned from. */
  readonly right: readonly number[]
  /** The time that is best on one half of these, as tau, and what is right there on the other. */
  readonly bestTau: number
  readonly best: number
}

export interface Probing {
  readonly known: readonly Attribute[]
  readonly context: Context
  readonly tell: (share: number) => void
}

export interface ProbeTable {
  readonly taus: readonly number[]
  readonly images: number
  readonly features: number
  readonly attributes: readonly AttributeRow[]
  /** Means over the attributes, on the same half: each at its own best time, and all at the one time that is best for all. */
  readonly own: number
  readonly one: number
}

/** Undefined where nothing is known of the images. */
export async function probesOf(
  subject: Subject,
  job: InspectJob,
  { known: all, context, tell }: Probing,
): Promise<ProbeTable | undefined> {
  const { process, images } = subject
  const count = Math.min(job.probes, images.count)
  const known = all.map(one => ({ ...one, labels: one.labels.subarray(0, count) }))
  const attributes = known.filter(({ labels }) => new Set(labels).size > 1)
  if (attributes.length === 0) return undefined
  const learned = Math.floor(0.6 * count)
  const times = timesOf(process, job)
  const right = attributes.map((): [number[], number[]] => [[], []])
  let size = 0
  for (const [i, time] of times.entries()) {
    const features = await featuresAt(
      subject,
      { time, count, seed: job.seed + i },
      { context, tell: share => tell((i + share) / times.length) },
    )
    size = features.length / count
    const probe = linearProbe({ features: features.subarray(0, learned * size), size })
    const others = features.subarray(learned * size)
    attributes.forEach(({ labels }, k) => {
      const read = probe.read(labels.subarray(0, learned), others)
      const truth = labels.subarray(learned)
      const half = read.length >> 1
      right[k][0].push(agreement(read.subarray(0, half), truth.subarray(0, half)))
      right[k][1].push(agreement(read.subarray(half), truth.subarray(half)))
    })
  }
  return {
    taus: times.map(time => process.rate * time),
    images: count,
    features: size,
    ...tableOf(
      attributes,
      right,
      times.map(time => process.rate * time),
    ),
  }
}

function tableOf(
  attributes: readonly Attribute[],
  right: readonly (readonly [number[], number[]])[],
  taus: readonly number[],
): Pick<ProbeTable, 'attributes' | 'own' | 'one'> {
  const largest = (list: readonly number[]) => list.indexOf(Math.max(...list))
  const rows = attributes.map(({ name, labels, classes }, k): AttributeRow => {
    const [chosen, told] = right[k]
    const best = largest(chosen)
    const shares = new Float64Array(classes)
    for (const label of labels) shares[label] += 1 / labels.length
    return {
      ...{ name, classes, guess: Math.max(...shares) },
      right: told.map((value, i) => (value + chosen[i]) / 2),
      bestTau: taus[best],
      best: told[best],
    }
  })
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const common = largest(taus.map((_, i) => mean(right.map(([chosen]) => chosen[i]))))
  return {
    attributes: rows,
    own: mean(rows.map(({ best }) => best)),
    one: mean(right.map(([, told]) => told[common])),
  }
}

/** Features [count, size] of the first images, corrupted to a time. */
async function featuresAt(
  { process, model, images }: Subject,
  { time, count, seed }: { time: number; count: number; seed: number },
  { context, tell }: { context: Context; tell: (share: number) => void },
): Promise<Float32Array> {
  const { runtime, signal } = context
  const { task, tile } = model.description
  const { bytes, shape } = middleOf(model)
  const size = pooledSize(shape)
  const [c, h, w] = task.shape
  const [pixels, field] = [c * h * w, shape.reduce((product, length) => product * length, 1)]
  const features = new Float32Array(count * size)
  const counts = new Float32Array(tile * pixels)
  const feeds = {
    counts: { shape: [tile, c, h, w], data: counts },
    time: { shape: [tile], data: new Float32Array(tile).fill(time) },
    ...(task.classes > 0 && { label: { shape: [tile], data: new Int32Array(tile).fill(task.classes) } }),
    ...toldFeeds(task, tile),
  }
  const program = await runtime.compile(bytes)
  try {
    for (let first = 0; first < count; first += tile) {
      if (signal?.aborted) throw new Cancelled('The inspection was cancelled', { cause: signal.reason })
      const here = Math.min(tile, count - first)
      const some = images.counts.subarray(first * pixels, (first + here) * pixels)
      corrupted(process, some, { time, count: here, random: k => random(seed).fork(first + k) }).forEach(
        (state, slot) => {
          counts.set(state, slot * pixels)
        },
      )
      const middle = (await program.run(feeds)).middle.data as Float32Array
      for (let slot = 0; slot < here; slot++)
        pooled(
          middle.subarray(slot * field, (slot + 1) * field),
          shape,
          features.subarray((first + slot) * size, (first + slot + 1) * size),
        )
      tell((first + here) / count)
    }
  } finally {
    await program.release()
  }
  return features
}

/** Most classes of an attribute: what has more is a number, or a name. */
const MOST_CLASSES = 16

/** What is known of the images: their classes, and what a file of attributes says. @throws SyntaxError or RangeError */
export function attributesOf(
  { images, own }: Subject,
  { attributes: path }: InspectJob,
  { files }: Context,
): Attribute[] {
  const labelled = !own && images.labels ? [attribute('class', Array.from(images.labels, String))] : []
  if (path === undefined) return labelled
  const name = nameOf(path)
  const what = `read ${name}`
  const bytes = files.read(path)
  const list = jsonOf(isGzip(bytes) ? gunzip(bytes, name) : bytes, name)
  const fits =
    Array.isArray(list) &&
    list.length === images.count &&
    list.every(one => typeof one === 'object' && one !== null)
  demand(
    fits,
    what,
    'the file',
    `a list of ${images.count} objects, one per image`,
    Array.isArray(list) ? list.length : typeof list,
  )
  const records = list as Record<string, unknown>[]
  const names = [...new Set(records.flatMap(record => Object.keys(record)))]
  // `short05` and `short19` are both short.
  const kind = (value: unknown) =>
    value === undefined || value === null ? 'none' : String(value).replace(/(?<=[a-z])\d+$/i, '')
  const all = names.map(key =>
    attribute(
      key,
      records.map(record => kind(record[key])),
    ),
  )
  return [...labelled, ...all.filter(({ classes }) => classes > 1 && classes <= MOST_CLASSES)]
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new SyntaxError(cannot(`read ${name}`, 'the file', 'JSON', 'something else'))
  }
}

function attribute(name: string, values: readonly string[]): Attribute {
  const classes = [...new Set(values)].sort()
  const place = new Map(classes.map((value, k) => [value, k]))
  return { name, labels: Int32Array.from(values, value => place.get(value)!), classes: classes.length }
}
