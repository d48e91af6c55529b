/** Units of a walk over their places, the exact law as lines. */
import { lineChart, type Point, type Series } from '../../formats/chart.ts'
import type { Law, Wandered, Wandering } from '../../physics/index.ts'

export interface Shown {
  readonly walk: Wandering
  /** Sites of the line, or nodes: the internal states lie one behind the other. */
  readonly places: number
  readonly times: readonly number[]
  readonly found: Wandered
  readonly exact: Law
}

/** At most so many times are drawn. */
const mostTimes = 3

export function wanderPicture({ walk, places, times, found, exact }: Shown): Promise<string> {
  const { nodes } = walk.network
  const every = Math.ceil(times.length / mostTimes)
  const series = times.flatMap((time, k): Series[] => {
    if ((times.length - 1 - k) % every !== 0) return []
    const points = (value: (i: number) => number) =>
      Array.from({ length: places }, (_, x): Point => {
        let sum = 0
        for (let i = x; i < nodes; i += places) sum += value(k * nodes + i)
        return [x, sum]
      })
    return [
      { name: `units at t = ${time}`, points: points(i => found.counts[i]), dots: true },
      { name: 'exact law', points: points(i => walk.units * exact.nodes[i]) },
    ]
  })
  const title = `${walk.units} independent units, and what the master equation expects`
  return lineChart({ title, x: { label: 'site' }, y: { label: 'units per site' }, series })
}
