/** Molecules as lines of letters (SMILES): as rows of states, and read by OpenChemLib. */
import { Molecule } from 'openchemlib'

/** State 0: behind the end of a line. */
const END = '\0'

/** The letters of some lines, the end before all: their places are the states. */
export const lettersOf = (lines: readonly string[]): string =>
  END + [...new Set(lines.join(''))].sort().join('')

/** A line as `length` states. */
export const statesOf = (line: string, letters: string, length: number): number[] =>
  Array.from({ length }, (_, i) => (i < line.length ? letters.indexOf(line[i]) : 0))

/** The line of a row of states, up to the first end; other states than 0 behind it: none. */
export function lineOf(states: ArrayLike<number>, letters: string): string | undefined {
  const line = Array.from(states, state => letters[state] ?? END).join('')
  const end = line.indexOf(END)
  if (end < 0) return line
  return [...line.slice(end)].every(letter => letter === END) ? line.slice(0, end) : undefined
}

/** What the library forgives: brackets that do not close or are empty, bonds that lead to no atom. */
function wellFormed(line: string): boolean {
  const bare = line.replace(/\[[^\]]+\]/g, 'X')
  let open = 0
  for (const letter of bare) {
    open += letter === '(' ? 1 : letter === ')' ? -1 : 0
    if (open < 0) return false
  }
  return open === 0 && bare !== '' && !/[[\].]|[-=#](?:[-=#()]|$)|^[-=#()\d]|\((?:[()\d]|$)/.test(bare)
}

/**
 * The molecule of a line; undefined where it is none: brackets or bonds that are not closed, a valence that is exceeded, an
 * atom that has an electron alone (which is what it makes of rings that cannot be aromatic), several molecules.
 */
export function moleculeOf(line: string): Molecule | undefined {
  if (!wellFormed(line)) return undefined
  try {
    const molecule = Molecule.fromSmiles(line)
    molecule.validate()
    molecule.ensureHelperArrays(Molecule.cHelperNeighbours)
    for (let atom = 0; atom < molecule.getAllAtoms(); atom++)
      if (molecule.getAtomRadical(atom) !== 0) return undefined
    return molecule
  } catch {
    return undefined
  }
}

/** Whether a ring of a line, or a bracket, is opened and not closed: a number or a bracket without its partner. */
export function leftOpen(line: string): boolean {
  const many = (letters: RegExp) => line.match(letters)?.length ?? 0
  const odd = [...'123456789'].some(digit => many(new RegExp(digit, 'g')) % 2 === 1)
  return odd || many(/\(/g) !== many(/\)/g) || many(/\[/g) !== many(/\]/g)
}

/** What molecules are compared by: OpenChemLib's 512 fragments as bits, and how many atoms of each kind, hydrogen too. */
export interface Seen {
  readonly bits: Uint32Array
  readonly atoms: readonly number[]
}

const kinds = [1, 6, 7, 8, 9]

export function seen(molecule: Molecule): Seen {
  const atoms = kinds.map(() => 0)
  for (let atom = 0; atom < molecule.getAllAtoms(); atom++) {
    const kind = kinds.indexOf(molecule.getAtomicNo(atom))
    if (kind >= 0) atoms[kind]++
    if (molecule.getAtomicNo(atom) !== 1) atoms[0] += molecule.getImplicitHydrogens(atom)
  }
  return { bits: Uint32Array.from(molecule.getIndex()), atoms }
}

/** How many bits of a number are set. */
function bitsIn(x: number): number {
  const pairs = x - ((x >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Shared fragments over all (Tanimoto), times a Gaussian of the difference in atoms, 2 wide. */
export function likeness(a: Seen, b: Seen): number {
  let [both, either] = [0, 0]
  for (let i = 0; i < a.bits.length; i++) {
    both += bitsIn(a.bits[i] & b.bits[i])
    either += bitsIn(a.bits[i] | b.bits[i])
  }
  const away = a.atoms.reduce((sum, n, k) => sum + (n - b.atoms[k]) ** 2, 0)
  return (either === 0 ? 1 : both / either) * Math.exp(-away / 8)
}
