/** Molecules as small graphs: atoms C, N, O, F as kinds of nodes, the orders of their bonds as edges at a pair. */
import { Molecule } from 'openchemlib'
import type { SmallGraph } from '../../src/graph/index.ts'

/** Bonds of an atom without charge, and its number. */
const atoms: Readonly<Record<string, { readonly valence: number; readonly number: number }>> = {
  C: { valence: 4, number: 6 },
  N: { valence: 3, number: 7 },
  O: { valence: 2, number: 8 },
  F: { valence: 1, number: 9 },
}

/** The graph of a molecule, rings of alternating bonds with single and double ones; undefined where it has charges or other atoms. */
export function graphOf(molecule: Molecule): SmallGraph | undefined {
  const all = Array.from({ length: molecule.getAllAtoms() }, (_, i) => i)
  const label = all.map(i => molecule.getAtomLabel(i))
  if (all.some(i => molecule.getAtomCharge(i) !== 0 || !Object.hasOwn(atoms, label[i]))) return undefined
  const bonds = Array.from({ length: molecule.getAllBonds() }, (_, k) => {
    const [a, b] = [molecule.getBondAtom(0, k), molecule.getBondAtom(1, k)]
    return [Math.min(a, b), Math.max(a, b), molecule.getBondOrder(k)] as const
  }).sort((x, y) => x[0] - y[0] || x[1] - y[1])
  return {
    n: all.length,
    edges: bonds.map(([a, b]) => [a, b] as const),
    weights: bonds.map(([, , order]) => order),
    label,
  }
}

/** Whether every atom has room for its bonds, hydrogens being what is left, and all hang together. */
export function isMolecule({ n, edges, weights, label }: SmallGraph): boolean {
  const used = new Array<number>(n).fill(0)
  const part = Array.from({ length: n }, (_, i) => i)
  const root = (i: number): number => (part[i] === i ? i : root(part[i]))
  edges.forEach(([a, b], k) => {
    for (const end of [a, b]) used[end] += weights?.[k] ?? 1
    part[root(a)] = root(b)
  })
  const room = used.every((bonds, i) => bonds <= (atoms[label?.[i] ?? '']?.valence ?? 0))
  return room && part.every((_, i) => root(i) === root(0))
}

/** OpenChemLib's code of the molecule: one for all orders of its atoms and of the alternating bonds of its rings. */
export function codeOf({ n, edges, weights, label }: SmallGraph): string {
  const molecule = new Molecule(n, edges.length)
  for (const name of label ?? []) molecule.addAtom(atoms[name].number)
  edges.forEach(([a, b], k) => {
    const bond = molecule.addBond(a, b)
    molecule.setBondOrder(bond, weights?.[k] ?? 1)
  })
  return molecule.getIDCode()
}
