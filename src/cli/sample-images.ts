/** Images of counts: masses asked for by their units. */
import { cannot, InvariantError } from '../base/errors.ts'
import type { NdArray } from '../formats/array.ts'
import type { ModelDescription } from '../model/description.ts'
import { massesOf } from './data.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import type { SampleFlags, SampleOf, Samples } from './samples.ts'
import { UsageError } from './usage.ts'
import { classesNamed, type Wish, type WishOptions, wishCount, wishes } from './wishes.ts'

/** @throws UsageError for what the model cannot be told, RangeError for more than fits into a file. */
export function imageSamples({ description, conserved, flags, out }: SampleOf): Samples {
  demandOutputs(out)
  if (conserved === 0 && flags.mass)
    throw new UsageError(cannot('sample', '--mass', 'left out with a model that keeps no mass', 'given'))
  const options = wishOptions(flags, description)
  const count = wishCount(options)
  const shape = [count, ...description.task.shape] as const
  demandRoom(out, shape)
  const wished = wishes(description.data, options).map(({ masses, label }) => ({
    masses: masses.slice(0, conserved),
    label,
  }))
  const asked = wished.flatMap(wish => wish.masses)
  return {
    noun: 'images',
    wished,
    warnings: warningsOf(flags, description.data.range),
    write({ counts, fingerprint }) {
      const images: Images = { counts, shape }
      const mass = massArray(images)
      demandDelivered(asked, mass.data)
      writeOutputs(out, images, {
        captions: massesOf({ counts, count, shape: description.task.shape }).map(channels =>
          channels.join(' '),
        ),
        columns: columnsOf(options),
        more: { mass, ...classArray(wished), seed: seedArray(flags.seed), fingerprint },
      })
      if (conserved === 0) return `masses ${span(mass.data)}, as they came out`
      return `masses asked for ${span(asked)}, delivered ${span(mass.data)}: equal`
    },
  }
}

/** What the flags ask of the images. Throws UsageError for what the model cannot be told. */
function wishOptions(flags: SampleFlags, { data }: ModelDescription): WishOptions {
  const material = flags.porosity ? '--porosity' : flags.fractions ? '--fractions' : undefined
  if (material) throw new UsageError(cannot('sample', material, 'left out with a model of images', 'given'))
  const { count, seed, mass: masses, classes: tell } = flags
  if (flags.class === undefined) return { count, seed, masses, tell }
  if (!tell) throw new UsageError(cannot('sample', '--no-classes', 'left out with --class', flags.class))
  return { count, seed, masses, labels: classesNamed(flags.class, data.classes) }
}

/** A row of the picture for each class, or else for each mass; undefined: as many rows as columns. */
function columnsOf({ count, labels, masses }: WishOptions): number | undefined {
  if (labels) return count * (masses?.length ?? 1)
  return masses && masses.length > 1 ? count : undefined
}

/** The classes [N] that the network was told, where it was. */
function classArray(wished: readonly Wish[]): Record<string, NdArray> {
  if (wished.some(({ label }) => label === undefined)) return {}
  return { classes: { data: Int32Array.from(wished, ({ label }) => Number(label)), shape: [wished.length] } }
}

/** Masses that the network has never seen are drawn all the same, and exactly; how they look is another matter. */
function warningsOf({ mass = [] }: SampleFlags, [least, most]: readonly [number, number]): string[] {
  const far = mass.filter(([low, high]) => high > 0 && (high > 2 * most || (low < least / 2 && low > 0)))
  return far.map(([low, high]) => {
    const asked = low === high ? low : `${low}:${high}`
    return `Warning: --mass ${asked} is far outside the masses of the training images, ${least} … ${most}`
  })
}

function demandDelivered(asked: readonly number[], delivered: ArrayLike<number>): void {
  asked.forEach((mass, i) => {
    if (delivered[i] !== mass)
      throw new InvariantError(cannot('sample', `mass ${i}`, String(mass), delivered[i]))
  })
}
