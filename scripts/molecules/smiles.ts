/** Small molecules out of SMILES: atoms C, N, O, F and the orders of their bonds, rings of alternating bonds drawn with single and double ones. */
import type { SmallGraph } from '../../src/graph/index.ts'

/** Bonds of an atom without charge, hydrogens among them. */
export const valence: Readonly<Record<string, number>> = { C: 4, N: 3, O: 2, F: 1 }

interface Atom {
  readonly name: string
  /** Written in small letters: one of a ring of alternating bonds. */
  readonly ring: boolean
  /** Hydrogens that are written. */
  readonly hydrogens: number
}

interface Bond {
  readonly a: number
  readonly b: number
  /** 1, 2, 3; 0: left to the atoms. */
  readonly order: number
}

/** The molecule; undefined where it has charges, isotopes, other atoms or parts, or rings whose bonds cannot be told. */
export function moleculeOf(smiles: string): SmallGraph | undefined {
  const read = parsed(smiles)
  const bonds = read && alternating(read.atoms, read.bonds)
  if (!read || !bonds) return undefined
  const label = read.atoms.map(({ name }) => name)
  const sorted = bonds
    .map(({ a, b, order }) => [Math.min(a, b), Math.max(a, b), order] as const)
    .sort((x, y) => x[0] - y[0] || x[1] - y[1])
  return {
    n: label.length,
    edges: sorted.map(([a, b]) => [a, b]),
    weights: sorted.map(([, , order]) => order),
    label,
  }
}

const orders: Readonly<Record<string, number>> = { '-': 1, '=': 2, '#': 3 }

function parsed(smiles: string): { atoms: Atom[]; bonds: Bond[] } | undefined {
  const tokens = smiles.match(/\[[^\]]*\]|[CNOFcno]|%\d\d|\d|[-=#()]|./g) ?? []
  const [atoms, bonds]: [Atom[], Bond[]] = [[], []]
  const open = new Map<string, { atom: number; order: number }>()
  const branches: number[] = []
  let [last, order] = [-1, 0]
  for (const token of tokens) {
    const written = /^\[?([CNOFcno])(?:H(\d?))?\]?$/.exec(token)
    if (written) {
      const hydrogens = token.includes('H') ? Number(written[2] || 1) : 0
      atoms.push({ name: written[1].toUpperCase(), ring: /[cno]/.test(written[1]), hydrogens })
      if (last >= 0) bonds.push({ a: last, b: atoms.length - 1, order })
      ;[last, order] = [atoms.length - 1, 0]
    } else if (token in orders) order = orders[token]
    else if (token === '(') branches.push(last)
    else if (token === ')') last = branches.pop() ?? -1
    else if (/^%?\d+$/.test(token)) {
      const other = open.get(token)
      if (other) bonds.push({ a: other.atom, b: last, order: order || other.order })
      if (other) open.delete(token)
      else open.set(token, { atom: last, order })
      order = 0
    } else return undefined
  }
  return { atoms, bonds }
}

/** Orders of all bonds: of those between atoms in small letters such that each of these that needs a double bond has one. */
function alternating(atoms: readonly Atom[], bonds: readonly Bond[]): Bond[] | undefined {
  const free = bonds.map(({ a, b, order }) => order === 0 && atoms[a].ring && atoms[b].ring)
  const used = atoms.map(({ hydrogens }, i) =>
    bonds.reduce((sum, { a, b, order }) => sum + (a === i || b === i ? Math.max(1, order) : 0), hydrogens),
  )
  /** Carbons always need one, unless they have it already; nitrogens where they have two bonds. */
  const needs = atoms.map(({ name, ring }, i) => ring && used[i] < valence[name] && doubleless(i))
  function doubleless(i: number): boolean {
    return !bonds.some(({ a, b, order }) => order === 2 && (a === i || b === i))
  }
  const wanting = needs.flatMap((need, i) => (need ? [i] : []))
  const chosen = new Set<number>()
  const pair = (done: ReadonlySet<number>): boolean => {
    const next = wanting.find(i => !done.has(i))
    if (next === undefined) return true
    return bonds.some(({ a, b }, k) => {
      const other = a === next ? b : b === next ? a : -1
      if (!free[k] || other < 0 || !needs[other] || done.has(other)) return false
      chosen.add(k)
      if (pair(new Set([...done, next, other]))) return true
      chosen.delete(k)
      return false
    })
  }
  if (!pair(new Set())) return undefined
  return bonds.map((bond, k) => ({ ...bond, order: chosen.has(k) ? 2 : Math.max(1, bond.order) }))
}
