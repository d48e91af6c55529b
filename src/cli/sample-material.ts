/** Samples of a material: labels of phases, with exactly the fractions asked for. */
import { cannot, demand, InvariantError } from '../base/errors.ts'
import type { Moves } from './drawing.ts'
import { fractionWishes, rounded } from './fractions.ts'
import { demandLabelOutputs, writeLabels } from './label-output.ts'
import { span } from './output.ts'
import type { SampleFlags, SampleOf, Samples } from './samples.ts'
import { UsageError } from './usage.ts'
import { type Wish, wishes } from './wishes.ts'

/** Most voxels of all samples together. */
const room = 2 ** 29

/** @throws UsageError for what materials are not asked for, RangeError for more units than voxels. */
export function materialSamples({ name, description, flags, out }: SampleOf): Samples {
  demandLabelOutputs(out, [1, 1, 1])
  const { data, task } = description
  const [channels, height, width] = task.shape
  const sites = height * width
  const { phases: names = [], voxelSize, unit } = data.material ?? {}
  const wished = asked(flags, description)
  demand(
    wished.length * sites <= room,
    'sample',
    'the voxels of all samples',
    `at most ${room}`,
    wished.length * sites,
  )
  for (const { masses } of wished) {
    const units = masses.reduce((sum, mass) => sum + mass, 0)
    demand(units <= sites, 'sample', '--mass', `at most ${sites}, the number of voxels`, units)
  }
  const words = rounded(flags, sites)
  return {
    noun: `samples of ${height}×${width}`,
    wished,
    exclusive: true,
    warnings: words === undefined ? [] : [words],
    write({ counts, moves, fingerprint }) {
      const labels = new Uint8Array(wished.length * sites)
      for (let i = 0; i < wished.length; i++)
        for (let c = 0; c < channels; c++)
          for (let x = 0, at = (i * channels + c) * sites; x < sites; x++, at++)
            if (counts[at] > 0) labels[i * sites + x] = c + 1
      const found = delivered(labels, { wished, sites })
      const fractions = found.map(voxels => voxels.map(n => n / sites))
      const about = { model: name, seed: flags.seed, fractions, voxelSize, unit, names }
      const more = {
        fingerprint,
        moved: { data: Uint32Array.from(moves, one => one.moved), shape: [moves.length] },
      }
      const columns = columnsOf(flags)
      writeLabels(out, { labels, shape: [wished.length, height, width] }, about, { columns, more })
      const pores = found.map(([pore]) => pore)
      const porosity = span(pores.map(n => Number((n / sites).toPrecision(6))))
      return `porosity ${porosity}, pores ${span(pores)} of ${sites} voxels as asked for: equal; ${moved(moves, wished)}`
    },
  }
}

/** What is asked of each sample. */
function asked(flags: SampleFlags, description: SampleOf['description']): Wish[] {
  if (flags.class !== undefined)
    throw new UsageError(
      cannot('sample', '--class', 'left out with a model that knows no classes', flags.class),
    )
  const { mass, count, seed } = flags
  if (!mass) return fractionWishes(description, flags)
  if (flags.porosity || flags.fractions)
    throw new UsageError(cannot('sample', '--mass', 'left out with --porosity or --fractions', 'both'))
  return wishes(description.data, { count, seed, masses: mass })
}

/** A row of the picture for each porosity or mass where several are asked for; undefined: as many rows as columns. */
function columnsOf({ porosity, mass, count }: SampleFlags): number | undefined {
  const rows = porosity && !porosity.listed ? porosity.rows.length : (mass?.length ?? 1)
  return rows > 1 ? count : undefined
}

/** The voxels of every label, counted: those that were asked for. */
function delivered(
  labels: Uint8Array,
  { wished, sites }: { wished: readonly Wish[]; sites: number },
): number[][] {
  return wished.map(({ masses }, i) => {
    const voxels = new Array<number>(masses.length + 1).fill(0)
    for (let x = i * sites; x < (i + 1) * sites; x++) voxels[labels[x]]++
    masses.forEach((mass, c) => {
      if (voxels[c + 1] === mass) return
      throw new InvariantError(
        cannot('sample', `the voxels of label ${c + 1} of sample ${i}`, String(mass), voxels[c + 1]),
      )
    })
    return voxels
  })
}

/** What the last step had to move. */
function moved(moves: readonly Moves[], wished: readonly Wish[]): string {
  const units = wished.reduce((sum, { masses }) => sum + masses.reduce((a, b) => a + b, 0), 0)
  const all = moves.reduce((sum, one) => sum + one.moved, 0)
  if (all === 0) return 'no voxel had to be moved'
  const distance = moves.reduce((sum, one) => sum + one.distance, 0)
  const farthest = moves.reduce((most, one) => Math.max(most, one.farthest), 0)
  const share = ((100 * all) / units).toFixed(2)
  return `${share} % of the solid voxels were moved apart, by ${(distance / all).toFixed(2)} on average, at most ${farthest}`
}
