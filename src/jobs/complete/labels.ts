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
import { labelFiles } from '../output/files.ts'
import { labelNames } from '../output/labels.ts'
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
  const masked = mask === undefined ? undefined : maskOf(mask, [1, height, width], reading)
  const hole = holesOf(data, { job, material, masked, sites })
  const size = units.length * sites
  const open = Uint8Array.from(
    { length: images * size },
    (_, x) => hole[Math.floor(x / size) * sites + (x % sites)],
  )
  const wanted = wishes(description, job)
  const each = wanted.length
  const voxels = Array.from({ length: images }, (_, k) => {
    const around = new Array<number>(material.phases.length).fill(0)
    for (let x = 0; x < sites; x++) if (!hole[k * sites + x]) around[data[k * sites + x]]++
    return wanted.map(wish =>
      completed(around, wish, {
        description,
        sites,
        without: job.known && !masked ? labelsNamed(job.known, material) : [],
      }),
    )
  }).flat()
  const words =
    typeof job.fractions === 'string'
      ? undefined
      : rounded({ porosity: job.porosity, fractions: job.fractions }, sites)
  const of = [voxels.length, height, width]
  return {
    model,
    process,
    surroundings: { known, open, size, each, channels: units.length, phases: true },
    masses: voxels.map(of => units.map(label => of[label])),
    warnings: words === undefined ? [] : [words],
    names: path => labelNames(path, of),
    finish({ counts, fingerprint }, record): Samples {
      const labels = labelsOf(counts, material, sites)
      demandDelivered(labels, voxels)
      const { voxelSize, unit, phases: names } = material
      const fractions = voxels.map(of => of.map(n => n / sites))
      const about = { model: name, seed: job.seed, fractions, voxelSize, unit, names, record }
      const filled = hole.reduce((sum, x) => sum + x, 0) / images
      return {
        counts,
        shape: [voxels.length, ...description.task.shape],
        labels,
        fractions,
        masses: massesOf({ counts, count: voxels.length, shape: description.task.shape }),
        classes: voxels.map(() => undefined),
        record,
        said: `hole of ${Math.round(filled)} voxels: voxels of every phase as asked for: equal`,
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

/** The hole of every image, [N, sites]: the mask, and where none of the known phases is. */
function holesOf(
  data: ArrayLike<number>,
  {
    job,
    material,
    masked,
    sites,
  }: { job: CompleteJob; material: Material; masked: Uint8Array | undefined; sites: number },
): Uint8Array {
  const told = job.known && labelsNamed(job.known, material)
  return Uint8Array.from({ length: data.length }, (_, x) => {
    const inside = masked?.[x % sites] ?? 0
    return told === undefined || told.includes(data[x]) ? inside : 1
  })
}

function labelsNamed(names: readonly string[], { phases }: Material): number[] {
  return names.map(name => {
    const named = phases.indexOf(name)
    const label = named < 0 && /^\d+$/.test(name) && Number(name) < phases.length ? Number(name) : named
    if (label < 0) throw refused('inpaint', 'known', `one of the phases ${phases.join(', ')}`, name)
    return label
  })
}

/** What is asked of each completion of an image: voxels of all labels, of some of them alone, or nothing. */
type Wish =
  | { readonly all: readonly number[] }
  | { readonly pores: number }
  | { readonly some: ReadonlyMap<number, number> }
  | undefined

function wishes(description: ModelDescription, job: CompleteJob): Wish[] {
  const { porosity, fractions, count } = job
  if (!porosity && !fractions) return new Array<Wish>(count).fill(undefined)
  if (typeof fractions === 'string') {
    const wish = { some: sharesNamed(fractions, description) }
    return new Array<Wish>(count).fill(wish)
  }
  const drawn = fractionWishes(description, { porosity, fractions, count, seed: job.seed })
  return drawn.map(all => (porosity ? { pores: all[0] } : { all }))
}

/** Voxels of the phases that a text gives shares of: `binder=0.1,pore=0.4`. */
function sharesNamed(text: string, { data, task }: ModelDescription): ReadonlyMap<number, number> {
  const sites = task.shape[1] * task.shape[2]
  return new Map(
    text.split(',').map(part => {
      const [name, share = ''] = part.split('=').map(word => word.trim())
      const value = share === '' ? Number.NaN : Number(share)
      if (!(value >= 0 && value <= 1))
        throw refused('inpaint', 'fractions', 'shares from 0 to 1, like binder=0.1', part)
      return [labelsNamed([name], data.material as Material)[0], Math.round(value * sites)]
    }),
  )
}

/**
 * The voxels of all labels of the whole image. What is not asked for is shared out as it is around the hole, and as it is in
 * the data where nothing is known.
 */
function completed(
  around: readonly number[],
  wish: Wish,
  {
    description,
    sites,
    without,
  }: { description: ModelDescription; sites: number; without: readonly number[] },
): number[] {
  const left = sites - around.reduce((sum, n) => sum + n, 0)
  const whole = around.some(n => n > 0) && without.length === 0 ? around : means(description)
  // Of phases that are all known the hole has none.
  const usual = whole.map((n, label) => (without.includes(label) ? 0 : n))
  let inHole: number[]
  if (wish === undefined) inHole = portions(left, usual)
  else if ('some' in wish) inHole = some(wish.some, { around, left, usual })
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

/** What is asked of some phases, and the rest of the hole shared by the others. */
function some(
  wish: ReadonlyMap<number, number>,
  { around, left, usual }: { around: readonly number[]; left: number; usual: readonly number[] },
): number[] {
  const asked = around.map((n, label) => (wish.has(label) ? (wish.get(label) as number) - n : 0))
  const rest = left - asked.reduce((sum, n) => sum + n, 0)
  const others = usual.map((n, label) => (wish.has(label) ? 0 : n))
  const fits = rest === 0 || (rest > 0 && others.some(n => n > 0))
  if (!fits) throw refused('inpaint', 'fractions', `such that the hole of ${left} voxels is filled`, asked)
  const shares = others.some(n => n > 0) ? portions(rest, others) : others
  return asked.map((n, label) => n + shares[label])
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
