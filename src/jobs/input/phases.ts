/** Labels of a material as counts of units, and counts as labels: of the phases, all but one are units of a channel. */
import { demand } from '../../base/errors.ts'
import type { Material } from '../../model/description.ts'

/** The one label that no unit is: that of the phase which is left where there is none. */
export const leftOver = ({ phases, units }: Material): number =>
  phases.findIndex((_, label) => !units.includes(label))

/** Counts [N, C, sites], at most one unit at a site, as labels [N, sites]. */
export function labelsOf(counts: ArrayLike<number>, material: Material, sites: number): Uint8Array {
  const { units } = material
  const labels = new Uint8Array(counts.length / units.length).fill(leftOver(material))
  for (let i = 0; i < labels.length / sites; i++)
    for (let c = 0; c < units.length; c++)
      for (let x = 0, at = (i * units.length + c) * sites; x < sites; x++, at++)
        if (counts[at] > 0) labels[i * sites + x] = units[c]
  return labels
}

/** Labels [N, sites] of the file `path` as counts [N, C, sites]. @throws RangeError for a label that the material has not */
export function countsOf(
  labels: ArrayLike<number>,
  { phases, units }: Material,
  { sites, path }: { sites: number; path: string },
): Int32Array {
  const counts = new Int32Array(labels.length * units.length)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]
    const known = label < phases.length
    if (!known) demand(known, `read ${path}`, 'every label', `below ${phases.length}, as the model's`, label)
    const channel = units.indexOf(label)
    if (channel >= 0) counts[(Math.floor(i / sites) * units.length + channel) * sites + (i % sites)] = 1
  }
  return counts
}
