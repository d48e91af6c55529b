// What judges mixtures and molecules: the ideal law of melting, regressions, lines of letters.
import { describe, expect, it } from 'vitest'
import { atomsOf, lineOfAtoms, statesOfAtoms } from '../../scripts/chemistry/atoms.ts'
import { curveOf, freezing, type Mixture, regressor } from '../../scripts/chemistry/liquidus.ts'
import { ridge } from '../../scripts/chemistry/ridge.ts'
import {
  leftOpen,
  lettersOf,
  likeness,
  lineOf,
  moleculeOf,
  seen,
  statesOf,
} from '../../scripts/chemistry/smiles.ts'
import { askedFor, inAtoms, LEVELS, levelOf, levelsOf, toldBy } from '../../scripts/chemistry/writing.ts'
import { below, random } from '../../src/base/random.ts'

describe('mixtures', () => {
  it('`freezing()` is the melting temperature of the pure component, and falls as it is thinned', () => {
    const water = { kelvin: 273.15, enthalpy: 6.01 }
    expect(freezing(water, 1)).toBe(273.15)
    // A salt solution of one mole of particles in a kilogram: 1.86 K below.
    expect(273.15 - freezing(water, 1 / (1 + 0.018015))).toBeGreaterThan(1.8)
    expect(273.15 - freezing(water, 1 / (1 + 0.018015))).toBeLessThan(1.9)
  })

  it('`regressor()` finds a distance from the ideal law, in whichever order the two are given', () => {
    const rng = random(3)
    const drawn = (): Mixture & { kelvin: number } => {
      const melting = [0, 1].map(() => ({
        kelvin: 300 + 100 * rng.uniform(),
        enthalpy: 10 + 20 * rng.uniform(),
      }))
      const mixture = { melting: melting as unknown as Mixture['melting'], share: 0.1 + 0.8 * rng.uniform() }
      const ideal = Math.max(freezing(melting[0], mixture.share), freezing(melting[1], 1 - mixture.share))
      return { ...mixture, kelvin: ideal - 40 * mixture.share * (1 - mixture.share) }
    }
    const melts = regressor(Array.from({ length: 200 }, drawn))
    const fresh = Array.from({ length: 100 }, drawn)
    const off = fresh.map(point => Math.abs(melts(point) - point.kelvin)).sort((a, b) => a - b)
    expect(off[50]).toBeLessThan(1)
    const [one] = fresh
    const turned = { melting: [one.melting[1], one.melting[0]] as const, share: 1 - one.share }
    expect(Math.abs(melts(turned) - melts(one))).toBeLessThan(1e-9)
  })

  it('`ridge()` goes through its examples where the weight is small', () => {
    const kernel = (a: number, b: number) => Math.exp(-((a - b) ** 2))
    const of = ridge([0, 1, 2, 4], [3, 1, 2, 7], { kernel, weight: 1e-9 })
    expect([0, 1, 2, 4].map(x => Math.round(1e5 * of(x)))).toEqual([3e5, 1e5, 2e5, 7e5])
  })
})

describe('molecules', () => {
  it('lines come back from their states, and rows that go on behind their end are none', () => {
    const lines = ['CCO', 'c1ccccc1', '']
    const letters = lettersOf(lines)
    for (const line of lines) expect(lineOf(statesOf(line, letters, 9), letters)).toBe(line)
    const carbon = letters.indexOf('C')
    expect(lineOf([carbon, 0, carbon], letters)).toBeUndefined()
    expect(lineOf([carbon, carbon], letters)).toBe('CC')
  })

  it('`moleculeOf()` takes molecules, and no line that is none', () => {
    for (const line of ['CCO', 'c1ccccc1', 'C#CC1CO1', '[nH]1cccc1', '[NH3+]CC([O-])=O'])
      expect(moleculeOf(line), line).toBeDefined()
    for (const line of ['', 'CC(', 'CC)', 'C1CC', 'C(C)(C)(C)(C)C', 'n1cccc1', 'CFC', 'C.C', 'C=#C'])
      expect(moleculeOf(line)?.toSmiles(), line).toBeUndefined()
    expect(moleculeOf('OCC')?.getIDCode()).toBe(moleculeOf('C(O)C')?.getIDCode())
  })

  it('`leftOpen()` finds rings and brackets without their ends', () => {
    expect(['C1CC', 'CC(C', 'C1CC2C1', '[nHc'].map(leftOpen)).toEqual([true, true, true, true])
    expect(['C1CC1', 'CC(=O)C', 'C(C)(C)(C)(C)C', 'CC'].map(leftOpen)).toEqual([false, false, false, false])
  })

  it('`likeness()` is 1 of a molecule with itself, and less with others', () => {
    const [a, same, other] = ['CCO', 'OCC', 'C#N'].map(line => seen(moleculeOf(line)!))
    expect(a.atoms).toEqual([6, 2, 0, 1, 0])
    expect(likeness(a, same)).toBe(1)
    expect(likeness(a, other)).toBeLessThan(0.5)
  })
})

describe('molecules as rows of atoms', () => {
  const lines = [
    'CCO',
    'C1CC1',
    'c1cc[nH]c1',
    'OC12CC1OC2=N',
    'C#CC1(C)CO1',
    '[NH3+]CC([O-])=O',
    'F',
    'O=C1C2CC3C2C13',
  ]

  it('come back as the same molecules', () => {
    for (const line of lines) {
      const states = atomsOf(moleculeOf(line)!, 9)
      expect(states, line).toHaveLength(36)
      expect(Math.max(...(states ?? [])), line).toBeLessThan(statesOfAtoms(9))
      const back = lineOfAtoms(states ?? [])
      expect(moleculeOf(back ?? '')?.getIDCode(), `${line} ${back}`).toBe(moleculeOf(line)?.getIDCode())
    }
  })

  it('tell of each atom its kind, and of each bond back how far and of which order', () => {
    // C, C, O, O; the second bound to the one before, the third twice over, the fourth to the one before that one.
    const states = atomsOf(moleculeOf('CC(=O)O')!, 4)
    expect(states).toEqual([1, 1, 3, 3, 0, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('are not told of molecules that have no place in them', () => {
    expect(atomsOf(moleculeOf('CCCCCCCCCC')!, 9)).toBeUndefined()
    expect(atomsOf(moleculeOf('CCl')!, 9)).toBeUndefined()
    // Its last atom has four bonds back.
    expect(atomsOf(moleculeOf('C1C2OC3CC=CCC123')!, 9)).toBeUndefined()
  })

  it('`lineOfAtoms()` tells no line of states that are no molecule, whatever they are', () => {
    // C, C bound to it; what is changed: a gap, a bond of the first, two bonds to the same, a bond to before the first, none, one behind the end, a state that is no kind.
    const whole = [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    expect(lineOfAtoms(whole)).toBe('CC')
    const changed = (...to: [number, number][]) => {
      const states = [...whole]
      for (const [at, state] of to) states[at] = state
      return lineOfAtoms(states)
    }
    expect(changed([2, 3], [5, 4])).toBe('C(C)O')
    expect(changed([1, 0], [4, 0], [2, 1])).toBeUndefined()
    expect(changed([3, 1])).toBeUndefined()
    expect(changed([7, 2])).toBeUndefined()
    expect(changed([7, 4])).toBeUndefined()
    expect(changed([4, 0])).toBeUndefined()
    expect(changed([5, 1])).toBeUndefined()
    expect(changed([1, 30])).toBeUndefined()
    expect(lineOfAtoms(new Array(12).fill(0))).toBeUndefined()
    const rng = random(4)
    for (let i = 0; i < 300; i++) {
      const line = lineOfAtoms(Array.from({ length: 36 }, () => below(rng, 25)))
      if (line !== undefined) expect(line).toMatch(/^[CNOF]|^\[/)
    }
  })

  it('`inAtoms()` keeps the level of each property behind them, and `toldBy()` reads it to half a step', () => {
    const values = Array.from({ length: 400 }, (_, i) => i / 400)
    const levels = [0, 1, 2, 3].map(k => levelsOf(values.map(value => value * 10 ** k)))
    const writing = inAtoms(levels)
    const told = [0.3, 7, 20, 555]
    const states = writing.write({ line: 'CC(=O)O', told }) ?? []
    expect(states).toHaveLength(writing.channels * writing.sites)
    expect(moleculeOf(writing.read(states) ?? '')?.getIDCode()).toBe(moleculeOf('CC(=O)O')?.getIDCode())
    for (const [k, value] of toldBy(states, levels).entries())
      expect(Math.abs(value - told[k])).toBeLessThanOrEqual(levels[k].step / 2 + 1e-9)
    expect([-9, 0.5, 99].map(value => levelOf(levels[0], value))).toEqual([0, 16, LEVELS - 1])
    expect(writing.write({ line: 'CC(', told })).toBeUndefined()
  })
})

describe('`curveOf()`', () => {
  it('goes through its points, straight between them, and no further', () => {
    const curve = curveOf([
      { share: 0.8, kelvin: 300 },
      { share: 0.2, kelvin: 320 },
      { share: 0.5, kelvin: 270 },
      { share: 0.5, kelvin: 290 },
    ])
    expect([0.2, 0.35, 0.5, 0.8].map(curve)).toEqual([320, 300, 280, 300])
    expect(curve(0.65)).toBeCloseTo(290, 9)
    expect([0.1, 0.9].map(curve)).toEqual([undefined, undefined])
  })
})

describe('`askedFor()`', () => {
  const levels = { gap: { low: 0.1, step: 0.01 }, cv: { low: 20, step: 1 } }
  const of = (words: string) => askedFor(words, levels)

  it('knows the properties that are asked for, and leaves the rest open', () => {
    const { states, open, warnings } = of('cv=31')
    const { sites } = inAtoms(Object.values(levels))
    expect(open.filter(of => of === 0)).toHaveLength(1)
    expect([open[2 * sites - 1], states[2 * sites - 1]]).toEqual([0, 11])
    expect(warnings).toEqual([])
    expect(of('gap=0.25,cv=31').open.filter(of => of === 0)).toHaveLength(2)
  })

  it('knows a molecule, and leaves open what it has', () => {
    const { states, open } = of('CC(=O)OC')
    const { sites, read } = inAtoms(Object.values(levels))
    expect(moleculeOf(read(states) ?? '')?.getIDCode()).toBe(moleculeOf('CC(=O)OC')?.getIDCode())
    expect(open.every((is, x) => is === (x % sites === sites - 1 ? 1 : 0))).toBe(true)
  })

  it('asks for the nearest level of what is far outside the data, and says so', () => {
    const { states, warnings } = of('gap=5')
    expect(states[9]).toBe(LEVELS - 1)
    expect(warnings).toEqual([
      'Warning: gap = 5 is outside the levels 0.1000 … 0.4100: the nearest of them is asked for',
    ])
  })

  it('refuses what is neither', () => {
    for (const words of ['gap=', 'gap=x', 'mu=1', 'C1CC', 'CCCCCCCCCCC', 'CCl', ''])
      expect(() => of(words), words).toThrow(/^Cannot ask: it must be gap=, cv= with numbers, or a molecule/)
    expect(() => of('gap=0.2,gap=0.3')).toThrow('Cannot ask: gap must be asked for once')
  })
})
