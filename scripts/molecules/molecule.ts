/** What can be said of a molecule: whether its atoms have room for its bonds, and a text that is the same for the same one. */
import type { SmallGraph } from '../../src/graph/index.ts'
import { valence } from './smiles.ts'

/** Whether no atom has more bonds than it can, and all hang together; hydrogens are what is left. */
export function isMolecule({ n, edges, weights, label }: SmallGraph): boolean {
  const used = new Array<number>(n).fill(0)
  const part = Array.from({ length: n }, (_, i) => i)
  const root = (i: number): number => (part[i] === i ? i : root(part[i]))
  edges.forEach(([a, b], k) => {
    for (const end of [a, b]) used[end] += weights?.[k] ?? 1
    part[root(a)] = root(b)
  })
  const room = used.every((bonds, i) => bonds <= (valence[label?.[i] ?? ''] ?? 0))
  return room && part.every((_, i) => root(i) === root(0))
}

/** A text that two molecules share where one is the other with its atoms in another order, and only there. */
export function nameOf({ n, edges, weights, label = [] }: SmallGraph): string {
  const order = new Int32Array(n * n)
  edges.forEach(([a, b], k) => {
    order[a * n + b] = order[b * n + a] = weights?.[k] ?? 1
  })
  const least = (ranks: readonly number[]): string => {
    const settled = refined(ranks, order)
    const tied = settled.map(rank => settled.filter(other => other === rank).length > 1)
    if (!tied.includes(true)) return written(settled)
    // The first rank that several have is given to each of them in turn.
    const first = Math.min(...settled.filter((_, i) => tied[i]))
    return settled
      .flatMap((rank, i) =>
        rank === first ? [least(settled.map((own, j) => 2 * own + Number(own === first && j !== i)))] : [],
      )
      .reduce((a, b) => (b < a ? b : a))
  }
  const written = (ranks: readonly number[]): string => {
    const place = [...ranks.keys()].sort((a, b) => ranks[a] - ranks[b])
    const bonds = place.flatMap((i, p) => place.slice(0, p).map(j => order[i * n + j]))
    return `${place.map(i => label[i]).join('')} ${bonds.join('')}`
  }
  const words = [...new Set(label)].sort()
  return least(Array.from({ length: n }, (_, i) => words.indexOf(label[i])))
}

/** Ranks by what atoms are and, again and again, by the ranks of their neighbours with the bonds to these. */
function refined(ranks: readonly number[], order: Int32Array): number[] {
  const n = ranks.length
  let now = [...ranks]
  for (;;) {
    const keys = now.map((own, i) => {
      const near = now.flatMap((rank, j) => (order[i * n + j] > 0 ? [rank * 8 + order[i * n + j]] : []))
      return [own, ...near.sort((a, b) => a - b)].map(value => String(value).padStart(6, '0')).join()
    })
    const sorted = [...new Set(keys)].sort()
    const next = keys.map(key => sorted.indexOf(key))
    if (new Set(next).size === new Set(now).size) return next
    now = next
  }
}
