// The most probable labels with exactly so many of each.
import { Heap } from './heap.ts'

/** log 0 is this: nothing is impossible where the counts leave no choice. */
const NEVER = -80

/**
 * Writes to `labels` [sites] the labels 0 … C, of which c + 1 has exactly masses[c] sites, for which Σ_x log p(label(x), x)
 * is largest; p_c(x) = probabilities[c, x] for the labels from 1 on, p_0 = 1 - Σ_c p_c. Of several best ones, which one
 * depends on the numbers of the sites alone.
 *
 * With C = 1 these are the sites of the largest odds. In general it is a transport of sites to labels: it begins at the
 * best label of each site, which is the best of all assignments with its own counts, and takes one site after the other
 * along the cheapest chain of changes from a label that has too many to one that has too few (successive shortest paths),
 * after each of which the assignment is again the best with its counts.
 */
export function assign(
  probabilities: Float64Array,
  { masses, sites }: { masses: readonly number[]; sites: number },
  labels: Uint8Array,
): void {
  const all = masses.length + 1
  const scores = scoresOf(probabilities, masses.length, sites)
  const wanted = [sites - masses.reduce((sum, mass) => sum + mass, 0), ...masses]
  const have = new Array<number>(all).fill(0)
  /** The sites that have the label a by what they would lose with b, at [a * all + b]; some may have it no more. */
  const heaps = Array.from({ length: all * all }, () => new Heap())
  const put = (x: number, a: number) => {
    labels[x] = a
    have[a]++
    for (let b = 0; b < all; b++)
      if (b !== a) heaps[a * all + b].push(scores[a * sites + x] - scores[b * sites + x], x)
  }
  for (let x = 0; x < sites; x++) put(x, best(scores, { all, sites, x }))
  /** What the cheapest change from a to b costs; Infinity where no site is a. */
  const cost = (a: number, b: number) => {
    const heap = heaps[a * all + b]
    while (heap.length > 0 && labels[heap.first()] !== a) heap.pop()
    return heap.length > 0 ? heap.least() : Infinity
  }
  for (;;) {
    const from = have.map((n, c) => n - wanted[c])
    if (from.every(over => over === 0)) return
    for (const [a, b] of chain(from, cost)) {
      const x = heaps[a * all + b].pop()
      have[a]--
      put(x, b)
    }
  }
}

/** The cheapest chain of changes from a label with too many sites to one with too few (Bellman and Ford). */
function chain(over: readonly number[], cost: (a: number, b: number) => number): [number, number][] {
  const all = over.length
  const far = over.map(n => (n > 0 ? 0 : Infinity))
  const before = new Array<number>(all).fill(-1)
  for (let round = 1; round < all; round++)
    for (let a = 0; a < all; a++)
      for (let b = 0; b < all; b++) {
        if (a === b || far[a] === Infinity || far[a] + cost(a, b) >= far[b]) continue
        far[b] = far[a] + cost(a, b)
        before[b] = a
      }
  let end = -1
  for (let c = 0; c < all; c++) if (over[c] < 0 && (end < 0 || far[c] < far[end])) end = c
  const links: [number, number][] = []
  for (let b = end; before[b] >= 0 && links.length < all; b = before[b]) links.unshift([before[b], b])
  return links
}

/** Logarithms of the probabilities, [C + 1, sites]. */
function scoresOf(probabilities: Float64Array, channels: number, sites: number): Float64Array {
  const scores = new Float64Array((channels + 1) * sites)
  for (let x = 0; x < sites; x++) {
    let left = 1
    for (let c = 0; c < channels; c++) {
      const p = probabilities[c * sites + x]
      left -= p
      scores[(c + 1) * sites + x] = p > 0 ? Math.max(NEVER, Math.log(p)) : NEVER
    }
    scores[x] = left > 1e-12 ? Math.log(left) : NEVER
  }
  return scores
}

function best(scores: Float64Array, { all, sites, x }: { all: number; sites: number; x: number }): number {
  let label = 0
  for (let c = 1; c < all; c++) if (scores[c * sites + x] > scores[label * sites + x]) label = c
  return label
}
