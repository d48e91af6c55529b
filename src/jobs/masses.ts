/** What images hold: the units of each, and the most on one site. */

/** Masses [N][C] of images. */
export function massesOf({
  counts,
  count,
  shape: [channels, ...lengths],
}: {
  readonly count: number
  /** [C, ...sites] */
  readonly shape: readonly number[]
  readonly counts: ArrayLike<number>
}): number[][] {
  const sites = lengths.reduce((product, length) => product * length, 1)
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: channels }, (_, c) => {
      const start = (i * channels + c) * sites
      let mass = 0
      for (let x = start; x < start + sites; x++) mass += counts[x]
      return mass
    }),
  )
}

/** The largest of some counts; 0 of none. */
export function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i]
  return most
}
