/** How molecules are written as states of a chain: as lines of letters, or as rows of atoms with a site of properties behind them. */
import { atomsOf, BACK, lineOfAtoms, statesOfAtoms } from './atoms.ts'
import { lettersOf, lineOf, moleculeOf, statesOf } from './smiles.ts'

export interface Described {
  readonly line: string
  readonly told: readonly number[]
}

/** States [channels, 1, sites] of a molecule, and back. */
export interface Writing {
  readonly channels: number
  readonly sites: number
  /** How many states there are. */
  readonly states: number
  /** Undefined where the molecule cannot be written so. */
  write(of: Described): number[] | undefined
  /** The line of states, whatever its properties are; undefined where they are none. */
  read(states: ArrayLike<number>): string | undefined
}

/** A letter a site, a multiple of four of them, as many as the longest line needs. */
export function inLetters(all: readonly Described[]): Writing & { readonly letters: string } {
  const letters = lettersOf(all.map(({ line }) => line))
  const sites = 4 * Math.ceil(Math.max(...all.map(({ line }) => line.length)) / 4)
  return {
    ...{ channels: 1, sites, states: letters.length, letters },
    write: ({ line }) => statesOf(line, letters, sites),
    read: states => lineOf(states, letters),
  }
}

/** Levels of a property: `value = low + step · level`, for the middle 99 % of values; what lies beyond has the first or the last. */
export interface Levels {
  readonly low: number
  readonly step: number
}

/** So many levels of each property. */
export const LEVELS = 32

/** Atoms of a molecule at most. */
export const ATOMS = 9

export function levelsOf(values: readonly number[]): Levels {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  return { low: at(0.005), step: (at(0.995) - at(0.005)) / (LEVELS - 1) }
}

export const levelOf = ({ low, step }: Levels, value: number): number =>
  Math.min(LEVELS - 1, Math.max(0, Math.round((value - low) / step)))

/** Nine atoms, and behind them a site that holds the levels of at most four properties, one in each channel. */
export function inAtoms(levels: readonly Levels[]): Writing {
  const [channels, sites] = [1 + BACK, ATOMS + 1]
  return {
    ...{ channels, sites, states: Math.max(LEVELS, statesOfAtoms(ATOMS)) },
    write({ line, told }) {
      const molecule = moleculeOf(line)
      const rows = molecule && atomsOf(molecule, ATOMS)
      if (!rows) return undefined
      return Array.from({ length: channels }, (_, c) => [
        ...rows.slice(c * ATOMS, (c + 1) * ATOMS),
        levelOf(levels[c], told[c]),
      ]).flat()
    },
    read: states => lineOfAtoms(Array.from(states).filter((_, x) => x % sites < ATOMS)),
  }
}

/** The levels that states of `inAtoms` tell, as values. */
export const toldBy = (states: ArrayLike<number>, levels: readonly Levels[]): number[] =>
  levels.map(({ low, step }, c) => low + step * states[c * (ATOMS + 1) + ATOMS])
