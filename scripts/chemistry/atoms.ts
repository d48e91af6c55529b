/**
 * Molecules as rows of atoms: of each atom its kind and its bonds to atoms before it, as states of a chain. What belongs together lies in one
 * place: no ring and no bracket can be left open, as in lines of letters.
 */
import type { Molecule } from 'openchemlib'

/** Kinds of atoms with their charges and how many bonds they have; the place is the state, 0: no more atoms. */
const kinds = [
  undefined,
  { label: 'C', charge: 0, valence: 4 },
  { label: 'N', charge: 0, valence: 3 },
  { label: 'O', charge: 0, valence: 2 },
  { label: 'F', charge: 0, valence: 1 },
  { label: 'N', charge: 1, valence: 4 },
  { label: 'O', charge: -1, valence: 1 },
  { label: 'C', charge: -1, valence: 3 },
  { label: 'N', charge: -1, valence: 2 },
] as const

/** Bonds of an atom to atoms before it, at most. */
export const BACK = 3

/** The state of a bond of an order 1 … 3 to the atom `away` places before; 0: none. */
const bondState = (away: number, order: number) => 3 * (away - 1) + order

/** States 0 … of a kind or a bond, of molecules of at most so many atoms. */
export const statesOfAtoms = (most: number): number => Math.max(kinds.length, 1 + bondState(most - 1, 3))

/**
 * The atoms of a molecule as states [1 + BACK][most], in the molecule's own order: kinds, and the bonds to atoms before, the nearest first; rings of
 * alternating bonds have single and double ones. Undefined of other kinds, more atoms, or more bonds back.
 */
export function atomsOf(molecule: Molecule, most: number): number[] | undefined {
  const count = molecule.getAllAtoms()
  if (count > most) return undefined
  const rows = Array.from({ length: 1 + BACK }, () => new Array<number>(most).fill(0))
  const back = Array.from({ length: count }, () => [] as number[])
  for (let k = 0; k < molecule.getAllBonds(); k++) {
    const [a, b] = [molecule.getBondAtom(0, k), molecule.getBondAtom(1, k)]
    back[Math.max(a, b)].push(bondState(Math.abs(a - b), molecule.getBondOrder(k)))
  }
  for (let i = 0; i < count; i++) {
    const [label, charge] = [molecule.getAtomLabel(i), molecule.getAtomCharge(i)]
    const kind = kinds.findIndex(of => of?.label === label && of.charge === charge)
    if (kind < 0 || back[i].length > BACK || (i > 0 && back[i].length === 0)) return undefined
    rows[0][i] = kind
    back[i].sort((a, b) => a - b)
    for (const [k, bond] of back[i].entries()) rows[1 + k][i] = bond
  }
  return rows.flat()
}

interface Atom {
  readonly kind: NonNullable<(typeof kinds)[number]>
  used: number
  readonly children: { readonly to: number; readonly order: number }[]
  /** Numbers of rings, with the order of the bond where they are opened. */
  readonly rings: string[]
}

const bond = ['', '', '=', '#']

/**
 * The line (SMILES) of such states; undefined where they tell no molecule: atoms behind the end, an atom without a bond to one before it, bonds
 * before the first, two to the same. Whether atoms have room for their bonds is not asked.
 */
export function lineOfAtoms(states: ArrayLike<number>): string | undefined {
  const most = states.length / (1 + BACK)
  const atoms: Atom[] = []
  let rings = 0
  for (let i = 0; i < most; i++) {
    const kind = kinds[states[i]]
    const bonds = Array.from({ length: BACK }, (_, k) => states[(1 + k) * most + i]).filter(of => of > 0)
    if (states[i] > 0 && !kind) return undefined
    if (!kind) {
      if (bonds.length > 0) return undefined
      continue
    }
    if (i !== atoms.length || (i > 0 ? bonds.length === 0 : bonds.length > 0)) return undefined
    const own: Atom = { kind, used: 0, children: [], rings: [] }
    atoms.push(own)
    const ends = bonds.map(of => i - 1 - Math.floor((of - 1) / 3))
    if (ends.some((to, k) => to < 0 || ends.indexOf(to) !== k)) return undefined
    for (const [k, to] of ends.entries()) {
      const order = 1 + ((bonds[k] - 1) % 3)
      own.used += order
      atoms[to].used += order
      if (k === 0) {
        atoms[to].children.push({ to: i, order })
        continue
      }
      rings++
      const number = rings > 9 ? `%${rings}` : `${rings}`
      atoms[to].rings.push(bond[order] + number)
      own.rings.push(number)
    }
  }
  return atoms.length === 0 ? undefined : written(atoms, 0)
}

/** An atom and all that hangs on it. */
function written(atoms: readonly Atom[], at: number): string {
  const { kind, used, children, rings } = atoms[at]
  const hydrogens = Math.max(0, kind.valence - used)
  const sign = kind.charge > 0 ? '+' : '-'
  const symbol =
    kind.charge === 0
      ? kind.label
      : `[${kind.label}${hydrogens > 0 ? 'H' : ''}${hydrogens > 1 ? hydrogens : ''}${sign}]`
  const branches = children.map(({ to, order }) => bond[order] + written(atoms, to))
  const last = branches.pop() ?? ''
  return symbol + rings.join('') + branches.map(of => `(${of})`).join('') + last
}
