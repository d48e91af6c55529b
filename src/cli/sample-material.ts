/** Samples of a material: labels of phases, with exactly the fractions asked for. */
import { cannot, demand, InvariantError } from '../base/errors.ts'
import type { Material } from '../model/description.ts'
import { fractionWishes, rounded } from './fractions.ts'
import { demandLabelOutputs, writeLabels } from './label-output.ts'
import { labelsOf } from './material-labels.ts'
import { span } from './output.ts'
import type { SampleFlags, SampleOf, Samples } from './samples.ts'
import { UsageError } from './usage.ts'

/** Most voxels of all samples together. */
const room = 2 ** 29

/** @throws UsageError for what materials are not asked for, RangeError for more units than voxels. */
export function materialSamples({ name, description, flags, out }: SampleOf): Samples {
  demandLabelOutputs(out, [1, 1, 1])
  const { data, task } = description
  const [, height, width] = task.shape
  const sites = height * width
  const material = data.material as Material
  const { phases: names, units, voxelSize, unit } = material
  if (flags.class !== undefined || flags.mass) {
    const flag = flags.mass ? '--mass' : '--class'
    throw new UsageError(
      cannot('sample', flag, 'left out with a material: ask by --porosity or --fractions', 'given'),
    )
  }
  const wanted = fractionWishes(description, flags)
  const wished = wanted.map(voxels => ({ masses: units.map(label => voxels[label]), label: undefined }))
  const all = wanted.length * sites
  demand(all <= room, 'sample', 'the voxels of all samples', `at most ${room}`, all)
  const words = rounded(flags, sites)
  return {
    noun: `samples of ${height}×${width}`,
    wished,
    warnings: words === undefined ? [] : [words],
    write({ counts, fingerprint }) {
      const labels = labelsOf(counts, material, sites)
      const found = delivered(labels, { wanted, sites })
      const fractions = found.map(voxels => voxels.map(n => n / sites))
      const about = { model: name, seed: flags.seed, fractions, voxelSize, unit, names }
      const more = { fingerprint }
      const columns = columnsOf(flags)
      writeLabels(out, { labels, shape: [wished.length, height, width] }, about, { columns, more })
      const pores = found.map(([pore]) => pore)
      const porosity = span(pores.map(n => Number((n / sites).toPrecision(6))))
      return `porosity ${porosity}, pores ${span(pores)} of ${sites} voxels as asked for: equal`
    },
  }
}

/** A row of the picture for each porosity where several are asked for; undefined: as many rows as columns. */
function columnsOf({ porosity, count }: SampleFlags): number | undefined {
  const rows = porosity && !porosity.listed ? porosity.rows.length : 1
  return rows > 1 ? count : undefined
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
