/** What can be measured, by name. */

/** What is asked for unless something else is. */
export const standard = [
  's2',
  'linealPath',
  'chords',
  'poreSizes',
  'specificSurface',
  'interfaces',
  'euler',
  'clusters',
  'lone',
  'profiles',
  'representative',
  'percolates',
  'tortuosity',
] as const

/** All that can be asked for; the fractions are always there. */
export const quantities = [
  ...standard,
  'exactPoreSizes',
  'porosimetry',
  'periodicTortuosity',
  'electrodeTortuosity',
] as const

export type Quantity = (typeof quantities)[number]
