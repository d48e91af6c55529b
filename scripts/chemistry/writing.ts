/** How molecules are written as states of a chain: as lines of letters, or as rows of atoms with a site of properties behind them. */
import { cannot } from '../../src/base/errors.ts'
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
        c < levels.length ? levelOf(levels[c], told[c]) : 0,
      ]).flat()
    },
    read: states => lineOfAtoms(Array.from(states).filter((_, x) => x % sites < ATOMS)),
  }
}

/** The levels that states of `inAtoms` tell, as values. */
export const toldBy = (states: ArrayLike<number>, levels: readonly Levels[]): number[] =>
  levels.map(({ low, step }, c) => low + step * states[c * (ATOMS + 1) + ATOMS])

/** What is known of a row of `inAtoms`, and where it is open, [channels][sites] each. */
export interface Asked {
  readonly states: readonly number[]
  readonly open: readonly number[]
  readonly warnings: readonly string[]
}

/**
 * `gap=0.25,cv=31`: a molecule that has this, all else open; or a line: what the molecule has is open. Values beyond the levels are asked for as the
 * last one, with a warning. @throws RangeError for a line that is no molecule, or none that has a place in the rows, and for a name twice
 */
export function askedFor(words: string, named: Readonly<Record<string, Levels>>): Asked {
  const names = Object.keys(named)
  const levels = Object.values(named)
  const { channels, sites, write } = inAtoms(levels)
  const parts = words.split(',').map(part => part.split('='))
  if (
    !parts.every(([name, value]) => names.includes(name) && value !== '' && Number.isFinite(Number(value)))
  ) {
    const states = write({ line: words, told: names.map((_, k) => levels[k].low) })
    if (!states) {
      const wanted = `${names.join('=, ')}= with numbers, or a molecule of at most ${ATOMS} atoms C, N, O, F`
      throw new RangeError(cannot('ask', 'it', wanted, words))
    }
    return { states, open: states.map((_, x) => (x % sites === ATOMS ? 1 : 0)), warnings: [] }
  }
  const states = new Array<number>(channels * sites).fill(0)
  const open = new Array<number>(channels * sites).fill(1)
  const warnings: string[] = []
  for (const [name, text] of parts) {
    const k = names.indexOf(name)
    const [value, { low, step }] = [Number(text), levels[k]]
    const at = k * sites + ATOMS
    if (!open[at]) throw new RangeError(cannot('ask', name, 'asked for once', words))
    states[at] = levelOf(levels[k], value)
    open[at] = 0
    const [least, most] = [low, low + (LEVELS - 1) * step]
    if (value < least - step / 2 || value > most + step / 2)
      warnings.push(
        `Warning: ${name} = ${text} is outside the levels ${least.toPrecision(4)} … ${most.toPrecision(4)}: the nearest of them is asked for`,
      )
  }
  return { states, open, warnings }
}
