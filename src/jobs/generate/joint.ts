/** Samples of two parts: both are drawn, or one is known and the other drawn beside it. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { below, random } from '../../base/random.ts'
import { type NdArray, sizeOf } from '../../formats/array.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import type { Known } from '../../model/clamped.ts'
import type { PartTask } from '../../network/unet.ts'
import { type JointDescription, type ProcessDescription, process as processOf } from '../../process/index.ts'
import type { Files } from '../files.ts'
import { loadImages } from '../input/images.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, packed, seedArray, span } from '../output/images.ts'
import { captionOf, classOf, firstOf, secondOf } from '../output/parts.ts'
import type { Asking } from './asking.ts'
import type { Plan } from './samples.ts'
import { classesNamed } from './wishes.ts'

/** The stream of masses, far from those of the images. */
const massStream = 2 ** 32

/** What is known of one part of every sample, and the classes that it was read with. */
interface Told {
  readonly known?: Known
  readonly count: number
  /** Whose masses are those of the class. */
  readonly classes?: readonly number[]
  readonly labels?: ImageSet['labels']
}

/** @throws UsageError for what the model cannot be told, RangeError for what is of another shape */
export function jointPlan({ job, description, drawing }: Asking, files: Files): Plan {
  for (const name of ['porosity', 'fractions', 'size', 'guidance'] as const)
    if (job[name] !== undefined) throw refused('sample', name, 'left out with a model of two parts', 'given')
  const { data, task } = description
  const [a, b] = task.parts as readonly [PartTask, PartTask]
  const told = toldOf({ job, description, files })
  const { known, count } = told
  const channels = a.shape[0]
  const stream = random(job.seed).fork(massStream)
  const masses = Array.from({ length: count }, (_, i) => {
    const rng = stream.fork(i)
    const rows = rowsOf(data, told.classes?.[i])
    const own = [...data.masses[rows[below(rng, rows.length)]]]
    if (job.mass && !(known && known.from === 0)) {
      if (channels !== 1)
        throw refused('sample', 'mass', 'left out where a part has several channels', 'given')
      const [least, most] = job.mass[i % job.mass.length]
      own[0] = least + (most > least ? below(rng, most - least + 1) : 0)
    }
    return known ? own.map((mass, c) => massKnown(known, { i, c, channels, parts: [a, b] }) ?? mass) : own
  })
  const shape = [count, ...a.shape] as const
  const plan = drawing(masses.map(of => ({ masses: of, label: undefined })))
  return {
    noun: 'pairs',
    drawing: known ? { ...plan, clamped: known } : plan,
    warnings: [],
    names: path => imageNames(path, shape),
    finish({ counts, fingerprint }, record) {
      const [own, other] = [
        firstOf(counts, { count, size: sizeOf(a.shape) }),
        secondOf(counts, description, count),
      ]
      const delivered = [...massesIn(own, a.shape), ...(b.states ? [] : massesIn(other, b.shape))]
      const wished = [
        ...masses.flatMap(of => of.slice(0, channels)),
        ...masses.flatMap(of => of.slice(channels)),
      ]
      wished.forEach((mass, i) => {
        if (delivered[i] !== mass)
          throw new InvariantError(cannot('sample', `mass ${i}`, String(mass), delivered[i]))
      })
      const classes = Array.from({ length: count }, (_, i) => classOf(description, counts, i))
      const more: Record<string, NdArray | string> = {
        with: packed({ counts: other, shape: [count, ...b.shape] }),
        mass: { data: Uint32Array.from(masses.flat()), shape: [count, masses[0]?.length ?? 0] },
        ...(data.second && {
          classes: { data: Int32Array.from(classes, Number), shape: [count] },
        }),
        seed: seedArray(job.seed),
        fingerprint,
      }
      return {
        ...{ counts: own, shape, masses, classes, record },
        said: saying(delivered, { classes, labels: told.labels }),
        files: path =>
          imageFiles(
            path,
            { counts: own, shape },
            {
              captions: classes.map((_, i) => captionOf(description, counts, i)),
              columns: job.class === undefined ? undefined : job.count,
              more,
              record,
            },
          ),
      }
    },
  }
}

/** What the job says is known. */
function toldOf({
  job,
  description: { task, data, process: law },
  files,
}: Pick<Asking, 'job' | 'description'> & { readonly files: Files }): Told {
  const [a, b] = task.parts as readonly [PartTask, PartTask]
  const classes = data.second ?? []
  const { given, givenWith, class: named, count } = job
  const several = [given, givenWith, named].filter(value => value !== undefined).length > 1
  if (several) throw refused('sample', 'given', 'left out where the other part is told', given)
  if (named !== undefined) {
    const chosen = classesNamed(named, classes).flatMap(c => Array.from({ length: count }, () => c))
    const known = new Int32Array(chosen.length * classes.length)
    chosen.forEach((c, i) => {
      known[i * classes.length + c] = 1
    })
    const from = sizeOf(a.shape)
    return { known: { known, from, size: classes.length }, count: chosen.length, classes: chosen }
  }
  const path = given ?? givenWith
  if (path === undefined) return { count }
  const part = given === undefined ? b : a
  if (part.width !== 1 && !part.states) throw refused('sample', 'given', 'left out with this model', path)
  const set = loadImages(path, { files, split: 'test' })
  if (String(set.shape) !== String(part.shape))
    throw new RangeError(
      cannot('sample', `the counts of ${path}`, `of ${part.shape.join('×')}`, set.shape.join('×')),
    )
  const size = sizeOf(part.shape)
  const most = Math.min(count, set.count)
  const known = Int32Array.from(set.counts.subarray(0, most * size))
  const [from, before] = given === undefined ? [sizeOf(a.shape), sizeOf(a.shape) * a.width] : [0, 0]
  const origins = part.states
    ? statesKnown(known, { size, law: (law as JointDescription).parts[1] })
    : undefined
  return {
    known: { known, from, size, ...(origins && { origin: { known: origins, from: before } }) },
    count: most,
    ...(given !== undefined && { labels: set.labels }),
  }
}

/** Known states as origins, [N, C·S, ...sites]. */
function statesKnown(
  known: Int32Array,
  { size, law }: { readonly size: number; readonly law: ProcessDescription },
): Float32Array {
  const { link } = processOf(law)
  const wide = size * link.width
  const out = new Float32Array((known.length / size) * wide)
  for (let i = 0; i * size < known.length; i++) {
    const clean = known.subarray(i * size, (i + 1) * size)
    link.target?.(clean, { noisy: clean, time: 0 }, out.subarray(i * wide, (i + 1) * wide))
  }
  return out
}

/** The training examples of a class, by their number; all where none is told. */
function rowsOf({ masses, labels }: Asking['description']['data'], told: number | undefined): number[] {
  const all = masses.map((_, k) => k)
  const some = told === undefined ? [] : all.filter(k => labels?.[k] === told)
  return some.length > 0 ? some : all
}

/** Mass c of sample i where it is that of what is known. */
function massKnown(
  { known, from, size }: Known,
  {
    i,
    c,
    channels,
    parts,
  }: {
    readonly i: number
    readonly c: number
    readonly channels: number
    readonly parts: readonly [PartTask, PartTask]
  },
): number | undefined {
  const part = from === 0 ? 0 : 1
  const own = part === 0 ? c : c - channels
  if (own < 0 || own >= parts[part].shape[0]) return undefined
  const sites = size / parts[part].shape[0]
  return known.subarray(i * size + own * sites, i * size + (own + 1) * sites).reduce((sum, n) => sum + n, 0)
}

/** Units of every channel of every image. */
function massesIn(counts: Int32Array, [, ...lengths]: readonly number[]): number[] {
  const sites = sizeOf(lengths)
  return Array.from({ length: counts.length / sites }, (_, i) =>
    counts.subarray(i * sites, (i + 1) * sites).reduce((sum, n) => sum + n, 0),
  )
}

/** Masses delivered, and how many were given the class that they came with. */
function saying(
  delivered: readonly number[],
  {
    classes,
    labels,
  }: { readonly classes: readonly (number | undefined)[]; readonly labels?: ArrayLike<number> },
): string {
  const masses = `masses ${span(delivered)}, as asked for`
  if (!labels || classes[0] === undefined) return masses
  const right = classes.filter((found, i) => found === Number(labels[i])).length
  return `${masses}; ${right} of ${classes.length} with the class that they came with`
}
