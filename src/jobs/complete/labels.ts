/** Holes in the labels of a material: known voxels stay what they are, and the whole has exactly the fractions asked for. */
import { cannot, demand, InvariantError, refused } from '../../base/errors.ts'
import { portions } from '../../lattice/index.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import { resized } from '../../model/resize.ts'
import { fractionWishes, rounded, voxelsOf } from '../generate/fractions.ts'
import type { Samples } from '../generate/samples.ts'
import { loadLabels } from '../input/labels.ts'
import { countsOf, labelsOf } from '../input/phases.ts'
import { massesOf } from '../masses.ts'
import { labelFiles, labelNames } from '../output/labels.ts'
import type { CompleteJob, Holes, Known } from './fields.ts'
import { maskOf } from './images.ts'

/** @throws UsageError for what materials are not asked for, RangeError for a mask or labels that do not fit. */
export async function labelHoles({ name, job, input, mask, file, reading }: Known): Promise<Holes> {
  const material = file.description.data.material as Material
  demandLabels(job)
  const { data, shape } = await loadLabels(input, {}, reading)
  demand(shape.length === 3, 'inpaint', `the labels of ${input}`, 'images, not volumes', shape)
  const [images, height, width] = shape
  const sites = height * width
  const { model, process } = resized(file, [height, width])
  const { description } = model
  const { units } = material
  const known = countsOf(data, material, { sites, path: input })
  const hole = maskOf(mask, [1, height, width], reading)
  const open = Uint8Array.from({ length: units.length * sites }, (_, x) => hole[x % sites])
  const wanted = wishes(description, job)
  const each = wanted.length
  const voxels = Array.from({ length: images }, (_, k) => {
    const around = new Array<number>(material.phases.length).fill(0)
    for (let x = 0; x < sites; x++) if (!hole[x]) around[data[k * sites + x]]++
    return wanted.map(wish => completed(around, wish, { description, sites }))
  }).flat()
  const words = rounded(job, sites)
  const of = [voxels.length, height, width]
  return {
    model,
    process,
    surroundings: { known, open, each, channels: units.length, phases: true },
    masses: voxels.map(of => units.map(label => of[label])),
    warnings: words === undefined ? [] : [words],
    names: path => labelNames(path, of),
    finish({ counts, fingerprint }, record): Samples {
      const labels = labelsOf(counts, material, sites)
      demandDelivered(labels, voxels)
      const { voxelSize, unit, phases: names } = material
      const fractions = voxels.map(of => of.map(n => n / sites))
      const about = { model: name, seed: job.seed, fractions, voxelSize, unit, names, record }
      const filled = hole.reduce((sum, x) => sum + x, 0)
      return {
        counts,
        shape: [voxels.length, ...description.task.shape],
        labels,
        fractions,
        masses: massesOf({ counts, count: voxels.length, shape: description.task.shape }),
        classes: voxels.map(() => undefined),
        record,
        said: `hole of ${filled} voxels: voxels of every phase as asked for: equal`,
        files: path =>
          labelFiles(path, { labels, shape: of }, { about, columns: each, more: { fingerprint } }),
      }
    },
  }
}

function demandLabels({ class: named, mass }: CompleteJob): void {
  const field = mass ? 'mass' : named === undefined ? undefined : 'class'
  if (field === undefined) return
  throw refused('inpaint', field, 'left out with a material: ask by porosity or fractions', 'given')
}

/** What is asked of each completion of an image: voxels of all labels, of the first alone, or nothing. */
type Wish = { readonly all: readonly number[] } | { readonly pores: number } | undefined

function wishes(description: ModelDescription, job: CompleteJob): Wish[] {
  const { porosity, fractions, count } = job
  if (!porosity && !fractions) return new Array<Wish>(count).fill(undefined)
  const drawn = fractionWishes(description, job)
  return drawn.map(all => (porosity ? { pores: all[0] } : { all }))
}

/**
 * The voxels of all labels of the whole image. What is not asked for is shared out as it is around the hole, and as it is in
 * the data where nothing is known.
 */
function completed(
  around: readonly number[],
  wish: Wish,
  { description, sites }: { description: ModelDescription; sites: number },
): number[] {
  const left = sites - around.reduce((sum, n) => sum + n, 0)
  const usual = around.some(n => n > 0) ? around : means(description)
  let inHole: number[]
  if (wish === undefined) inHole = portions(left, usual)
  else if ('all' in wish) inHole = wish.all.map((n, label) => n - around[label])
  else {
    const pores = wish.pores - around[0]
    const solids = usual.slice(1).some(n => n > 0) ? usual.slice(1) : means(description).slice(1)
    inHole = [pores, ...portions(Math.max(0, left - pores), solids)]
    if (pores > left) inHole[0] = -1
  }
  const short = inHole.findIndex(n => n < 0)
  if (short >= 0) {
    const name = description.data.material?.phases
    const field = 'pores' in (wish ?? {}) ? 'porosity' : 'fractions'
    const most = ((around[short] + left) / sites).toPrecision(6)
    const wanted = `such that ${name?.[short]} is between ${(around[short] / sites).toPrecision(6)} and ${most} of the image, what is known with an empty and with a full hole`
    throw refused('inpaint', field, wanted, 'another')
  }
  return around.map((n, label) => n + inHole[label])
}

/** Mean voxels of every label of the training crops. */
function means(description: ModelDescription): number[] {
  const { masses, material } = description.data
  const all = masses.map(of => voxelsOf(description, of))
  return (material as Material).phases.map((_, label) => all.reduce((sum, of) => sum + of[label], 0))
}

function demandDelivered(labels: Uint8Array, voxels: readonly (readonly number[])[]): void {
  const sites = labels.length / voxels.length
  voxels.forEach((wanted, i) => {
    const found = wanted.map(() => 0)
    for (let x = i * sites; x < (i + 1) * sites; x++) found[labels[x]]++
    if (String(found) !== String(wanted))
      throw new InvariantError(cannot('inpaint', `the voxels of image ${i}`, String(wanted), found))
  })
}
