// A walk by whole tables of its kernel: for grounds on which it is no product of axes.
import { choiceOf } from './choice.ts'
import type { Walk } from './walk.ts'

/** How many tables are kept: those of a step's beginning, end and length. */
const KEPT = 3

export interface TableWalkOptions extends Pick<Walk, 'sites' | 'reached' | 'pace'> {
  /** Writes K_tau [sites, sites]: symmetric, rows of sum 1, nothing below 0. */
  table(tau: number, out: Float64Array): void
}

/** Takes 8 sites² bytes for each of three tables, and sites² operations for each field and move. */
export function tableWalk({ sites, reached, pace, table: write }: TableWalkOptions): Walk {
  const tables: { tau: number; table: Float64Array }[] = []
  const choice = choiceOf(sites)
  const { weights, arrived } = choice
  choice.places.forEach((_, x, places) => {
    places[x] = x
  })
  const sums = new Float64Array(sites)

  function at(tau: number): Float64Array {
    const found = tables.find(one => one.tau === tau)
    if (found) return found.table
    const table = tables.length < KEPT ? new Float64Array(sites * sites) : tables.shift()!.table
    write(tau, table)
    tables.push({ tau, table })
    return table
  }

  return {
    sites,
    reached,
    ...(pace && { pace }),

    spread(field, tau, out) {
      const table = at(tau)
      for (let x = 0, i = 0; x < sites; x++) {
        let sum = 0
        for (let y = 0; y < sites; y++) sum += table[i++] * field[y]
        sums[x] = sum
      }
      out.set(sums)
    },

    move(counts, tau, { random, weight }) {
      const table = at(tau)
      arrived.fill(0)
      for (let y = 0; y < sites; y++) {
        if (counts[y] === 0) continue
        for (let z = 0, i = y * sites; z < sites; z++, i++)
          weights[z] = weight ? table[i] * weight[z] : table[i]
        if (!choice.throwUnits(counts[y], sites, random)) arrived[y] += counts[y]
      }
      counts.set(arrived)
    },
  }
}
