/** The colours of states of a material, on whose sites units may meet. */
import { phaseColours } from '../../formats/phase-picture.ts'

/** What units that share a site look like: the more of them, the nearer their colour is to this. */
const crowded = [232, 40, 72] as const

/**
 * Counts [N, C, H, W] of a material in the colours of its labels: where there is no unit that of what is left, where there
 * is one that of its phase. Where there are more, the colour is their mean, and only the share 1 / n of it: the rest
 * is `crowded`.
 */
export function phaseLights({
  counts,
  shape,
  units,
}: {
  readonly counts: ArrayLike<number>
  readonly shape: readonly number[]
  readonly units: readonly number[]
}) {
  const [images, phases, height, width] = shape
  const sites = height * width
  const lights = new Float32Array(images * (phases + 2) * sites)
  for (let i = 0; i < images; i++)
    for (let x = 0; x < sites; x++) {
      let n = 0
      for (let c = 0; c < phases; c++) n += counts[(i * phases + c) * sites + x]
      const at = i * (phases + 2) * sites + x
      if (n === 0) lights[at] = 1
      for (let c = 0; c < phases && n > 0; c++)
        lights[at + (c + 1) * sites] = counts[(i * phases + c) * sites + x] / (n * n)
      if (n > 1) lights[at + (phases + 1) * sites] = 1 - 1 / n
    }
  const colours = phaseColours(phases + 1)
  const left = colours.findIndex((_, label) => !units.includes(label))
  const palette = [colours[left], ...units.map(label => colours[label]), crowded]
  return { lights: { counts: lights, shape: [images, phases + 2, height, width] }, palette }
}
