/** Images of counts: masses asked for by their units. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import type { ModelDescription } from '../../model/description.ts'
import { solver } from '../../sampling/index.ts'
import { solverOf } from '../draw/solver.ts'
import { massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, massArray, seedArray, span } from '../output/images.ts'
import type { Asking } from './asking.ts'
import type { AskedJob } from './fields.ts'
import type { Plan } from './samples.ts'
import { classesNamed, type Wish, type WishOptions, wishCount, wishes } from './wishes.ts'

/** @throws UsageError for what the model cannot be told, RangeError for more than fits into a file. */
export function imagePlan({ job, description, rebuild, like, drawing, warnings = [] }: Asking): Plan {
  const process = rebuild(description.process)
  // What conserves no mass can be told one where the last step meets it.
  const exact = process.conserved > 0 || (process.weigh && solver(solverOf(job, description, rebuild)).weighs)
  if (!exact && job.mass)
    throw refused('sample', 'mass', 'left out with a model or a solver that keeps no mass', 'given')
  const options = { ...wishOptions(job, description), like }
  const count = wishCount(options)
  const { task } = description
  const shape = [count, ...task.shape] as const
  const wished = wishes(description.data, options).map(({ masses, label }) => ({
    masses: exact ? masses : [],
    label,
  }))
  const asked = wished.flatMap(wish => wish.masses)
  const { capacity = Infinity } = process
  for (const mass of asked)
    if (mass > capacity) throw refused('sample', 'mass', `at most ${capacity} in a channel`, mass)
  return {
    noun: 'images',
    drawing: drawing(wished),
    warnings: [...warnings, ...warningsOf(job, description.data.range)],
    names: path => imageNames(path, shape, { also: description.data.columns ? ['.csv'] : [] }),
    finish({ counts, fingerprint }, record) {
      const images = { counts, shape }
      const mass = massArray(images)
      demandDelivered(asked, mass.data)
      const masses = massesOf({ counts, count, shape: task.shape })
      const given = `masses asked for ${span(asked)}, delivered ${span(mass.data)}: equal`
      const more = { mass, ...classArray(wished), seed: seedArray(job.seed), fingerprint }
      return {
        counts,
        shape,
        masses,
        classes: wished.map(wish => wish.label),
        record,
        said: exact ? given : `masses ${span(mass.data)}, as they came out`,
        files: path =>
          imageFiles(path, images, {
            captions: masses.map(channels => channels.join(' ')),
            columns: columnsOf(options),
            series: description.data.columns,
            paper: description.data.paper,
            more,
            record,
          }),
      }
    },
  }
}

/** What the job asks of the images. Throws UsageError for what the model cannot be told. */
function wishOptions(
  {
    porosity,
    fractions,
    volume,
    size: _,
    count,
    seed,
    mass: masses,
    classes: tell,
    class: named,
  }: AskedJob & { readonly seed: number },
  { data }: ModelDescription,
): WishOptions {
  const material = porosity ? 'porosity' : fractions ? 'fractions' : volume ? 'volume' : undefined
  if (material) throw refused('sample', material, 'left out with a model of images', 'given')
  if (named === undefined) return { count, seed, masses, tell }
  if (!tell) throw refused('sample', 'class', 'left out where classes are not told', named)
  return { count, seed, masses, labels: classesNamed(named, data.classes) }
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
function warningsOf({ mass = [] }: AskedJob, [least, most]: readonly [number, number]): string[] {
  const far = mass.filter(([low, high]) => high > 0 && (high > 2 * most || (low < least / 2 && low > 0)))
  return far.map(([low, high]) => {
    const asked = low === high ? low : `${low}:${high}`
    return `Warning: the mass ${asked} is far outside the masses of the training images, ${least} … ${most}`
  })
}

function demandDelivered(asked: readonly number[], delivered: ArrayLike<number>): void {
  asked.forEach((mass, i) => {
    if (delivered[i] !== mass)
      throw new InvariantError(cannot('sample', `mass ${i}`, String(mass), delivered[i]))
  })
}
