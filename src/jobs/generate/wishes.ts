/** What each image of a run shall be: its class and its masses. */
import { refused } from '../../base/errors.ts'
import { below, random } from '../../base/random.ts'
import type { DataDescription } from '../../model/description.ts'
import type { Range } from '../fields.ts'

export interface Wish {
  /** [C] */
  readonly masses: number[]
  /** The class that the network is told; undefined: none. */
  readonly label: number | undefined
}

export interface WishOptions {
  /** Images of each class at each mass. */
  readonly count: number
  readonly seed: number
  /** Classes asked for; none: those of training images of the same masses. */
  readonly labels?: readonly number[]
  /** Total masses asked for, from least to most; none: masses of training images. */
  readonly masses?: readonly Range[]
  /** Whether the network is told a class where none is asked for; default true. */
  readonly tell?: boolean
  /** The numbers that image i is told, NaN where it is not: its masses are those of training images that are near in these. */
  readonly like?: (image: number) => readonly number[]
}

/** The stream of masses, far from the streams of the images, which are numbered from 0. */
const massStream = 2 ** 32

/** How many training images around a mass are looked at for a class that goes with it. */
const neighbours = 64

/** How many images that makes. */
export const wishCount = ({ count, labels, masses }: WishOptions): number =>
  count * (labels?.length ?? 1) * (masses?.length ?? 1)

/**
 * Class by class, in each mass by mass, `count` of each. Without a mass those of a training image, of the class where
 * one is asked for; with one a total, spread over the channels as that of a training image of about this mass is.
 * Without a class that of the same training image. Where numbers are told, training images are those near in them. Image i depends on the seed, on i, and on what is asked of it.
 */
export function wishes(data: DataDescription, options: WishOptions): Wish[] {
  const { count, seed, labels = [undefined], masses = [undefined], tell = true, like } = options
  const stream = random(seed).fork(massStream)
  const wished: Wish[] = []
  for (const label of labels) {
    const all = imagesLike(data, label)
    const told = (k: number) => label ?? (tell ? data.labels?.[k] : undefined)
    for (const range of masses)
      for (let n = 0; n < count; n++) {
        const rng = stream.fork(wished.length)
        const known = like && data.told ? nearest(all, data.told, like(wished.length)) : all
        if (!range) {
          const k = known[below(rng, known.length)]
          wished.push({ masses: [...data.masses[k]], label: told(k) })
          continue
        }
        const [least, most] = range
        const total = least + (most > least ? below(rng, most - least + 1) : 0)
        const width = Math.min(neighbours, known.length)
        const place = known.findIndex(k => totalOf(data.masses[k]) >= total)
        const middle = (place < 0 ? known.length : place) - (width >> 1)
        const k = known[Math.max(0, Math.min(known.length - width, middle)) + below(rng, width)]
        wished.push({ masses: shared(total, data.masses[k]), label: told(k) })
      }
  }
  return wished
}

/** The images of the table of masses that are of a class, by their number; all where none is. */
function imagesLike({ masses, labels }: DataDescription, label: number | undefined): number[] {
  const all = masses.map((_, k) => k)
  const some = all.filter(k => labels?.[k] === label)
  return label === undefined || some.length === 0 ? all : some
}

/** An eighth of the images, at least 16: those nearest in what is told, in the order of their masses. */
function nearest(
  images: readonly number[],
  told: readonly (readonly number[])[],
  numbers: readonly number[],
): readonly number[] {
  if (numbers.every(Number.isNaN)) return images
  const away = (k: number) =>
    numbers.reduce((sum, value, i) => sum + (Number.isNaN(value) ? 0 : (value - told[k][i]) ** 2), 0)
  const sorted = images.map(k => [away(k), k] as const).sort(([a, j], [b, k]) => a - b || j - k)
  const few = sorted.slice(0, Math.max(16, images.length >> 3))
  return few.map(([, k]) => k).sort((a, b) => a - b)
}

const totalOf = (masses: readonly number[]) => masses.reduce((sum, mass) => sum + mass, 0)

/** A total split over the channels in the proportions of a given image, exactly. */
function shared(total: number, like: readonly number[]): number[] {
  let left = total
  let weight = totalOf(like)
  return like.map((mass, c) => {
    const part = c === like.length - 1 ? left : Math.round((left * mass) / Math.max(1, weight))
    left -= part
    weight -= mass
    return part
  })
}

/** How many names of classes an error lists. */
const listed = 20

/**
 * The classes that a text names: their names or their numbers from 0, `a:b` for all from a to b, with commas between.
 * Throws UsageError, which lists the classes that there are, for any that is not one of them.
 */
export function classesNamed(text: string, names: readonly string[]): number[] {
  const number = (word: string) => {
    const named = names.indexOf(word)
    return named < 0 && /^\d+$/.test(word) && Number(word) < names.length ? Number(word) : named
  }
  const refuse = (word: string): never => {
    const more = names.length > listed ? ` and ${names.length - listed} more` : ''
    const wanted =
      names.length === 0
        ? 'left out with a model that knows no classes'
        : `of those that the model knows (${names.slice(0, listed).join(', ')}${more})`
    throw refused('choose a class', 'class', wanted, word)
  }
  if (number(text) >= 0) return [number(text)]
  return text.split(',').flatMap(part => {
    const word = part.trim()
    if (number(word) >= 0) return [number(word)]
    const [from, to, ...more] = word.split(':').map(number)
    if (to === undefined || more.length > 0 || from < 0 || to < from) return refuse(word)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
