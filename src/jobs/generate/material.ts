/** Samples of a material: labels of phases, with exactly the fractions asked for. */
import { cannot, demand, InvariantError, refused } from '../../base/errors.ts'
import { sizeOf } from '../../formats/array.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import { labelsOf } from '../input/phases.ts'
import { massesOf } from '../masses.ts'
import { labelFiles } from '../output/files.ts'
import { span } from '../output/images.ts'
import { labelNames } from '../output/labels.ts'
import type { Asking } from './asking.ts'
import type { AskedJob } from './fields.ts'
import { fractionWishes, rounded } from './fractions.ts'
import type { Plan } from './samples.ts'

/** Most voxels of all samples together. */
const room = 2 ** 29

/** @throws UsageError for what materials are not asked for, RangeError for more units than voxels. */
export function materialPlan({ name, job, description, drawing, warnings = [] }: Asking): Plan {
  const { data, task } = description
  const [, ...lengths] = task.shape
  const sites = sizeOf(lengths)
  const material = data.material as Material
  const { phases: names, units, voxelSize, spacing, unit } = material
  if (job.class !== undefined || job.mass) {
    const field = job.mass ? 'mass' : 'class'
    throw refused('sample', field, 'left out with a material: ask by porosity or fractions', 'given')
  }
  const wanted = fractionWishes(description, { ...job, fractions: sharesOf(job, description) })
  const wished = wanted.map(voxels => ({ masses: units.map(label => voxels[label]), label: undefined }))
  const all = wanted.length * sites
  demand(all <= room, 'sample', 'the voxels of all samples', `at most ${room}`, all)
  const words = rounded(job, sites)
  const shape = [wished.length, ...lengths]
  return {
    noun: `samples of ${lengths.join('×')}`,
    drawing: drawing(wished),
    warnings: words === undefined ? warnings : [...warnings, words],
    names: path => labelNames(path, shape),
    finish({ counts, fingerprint }, record) {
      const labels = labelsOf(counts, material, sites)
      const found = delivered(labels, { wanted, sites })
      const fractions = found.map(voxels => voxels.map(n => n / sites))
      const pores = found.map(([pore]) => pore)
      const porosity = span(pores.map(n => Number((n / sites).toPrecision(6))))
      const about = { model: name, seed: job.seed, fractions, voxelSize, spacing, unit, names, record }
      const options = { about, columns: columnsOf(job), more: { fingerprint } }
      return {
        counts,
        shape: [wished.length, ...task.shape],
        labels,
        fractions,
        masses: massesOf({ counts, count: wished.length, shape: task.shape }),
        classes: wished.map(() => undefined),
        record,
        said: `porosity ${porosity}, pores ${span(pores)} of ${sites} voxels as asked for: equal`,
        files: path => labelFiles(path, { labels, shape }, options),
      }
    },
  }
}

/** Voxels of the one solid phase as shares; fractions as they are where no voxels are asked for. */
function sharesOf({ volume, fractions, porosity }: AskedJob, { data, task }: ModelDescription) {
  if (!volume) return fractions
  if (fractions || porosity) throw refused('sample', 'volume', 'left out with porosity or fractions', 'both')
  const { phases } = data.material as Material
  if (phases.length !== 2) throw refused('sample', 'volume', 'left out with more than one solid', 'given')
  const sites = sizeOf(task.shape.slice(1))
  return volume.map(([least, most]) => {
    if (most > sites) throw refused('sample', 'volume', `at most ${sites}, all voxels`, most)
    return [[least / sites, most / sites] as const]
  })
}

/** A row of the picture for each porosity where several are asked for; undefined: as many rows as columns. */
function columnsOf({ porosity, count }: AskedJob): number | undefined {
  return porosity && porosity.length > 1 && count > 1 ? count : undefined
}

/** The voxels of every label, counted: those that were asked for. */
function delivered(
  labels: Uint8Array,
  { wanted, sites }: { wanted: readonly (readonly number[])[]; sites: number },
): number[][] {
  return wanted.map((asked, i) => {
    const voxels = asked.map(() => 0)
    for (let x = i * sites; x < (i + 1) * sites; x++) voxels[labels[x]]++
    asked.forEach((n, label) => {
      if (voxels[label] === n) return
      throw new InvariantError(
        cannot('sample', `the voxels of label ${label} of sample ${i}`, String(n), voxels[label]),
      )
    })
    return voxels
  })
}
