import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { finish } from '../../src/base/work.ts'
import { numbersOf } from '../../src/formats/csv.ts'
import {
  columnUnit,
  deadTime,
  dispersiveColumn,
  elutionDensity,
  elutionShare,
  elutionSums,
  findPeaks,
  fitAnalyte,
  fullColumn,
  invert,
  kineticColumn,
  latticeColumn,
  latticeWalk,
  pooled,
  quantity,
  resolution,
  testElution,
  wander,
} from '../../src/physics/index.ts'
import { tableOf, withData } from './shared-data.ts'

/** I₁(x) by its series. */
function besselI1(x: number): number {
  let [sum, term] = [0, x / 2]
  for (let n = 0; n < 900; n++) {
    sum += term
    term *= (x * x) / 4 / ((n + 1) * (n + 2))
  }
  return sum
}

const around = ({ mean, variance }: { mean: number; variance: number }, by = [-2, -1, 0, 1, 2, 4]) =>
  by.map(z => mean + z * Math.sqrt(variance))

describe('invert()', () => {
  it('gives back functions with a jump at 0 by the continued fraction: e^−t to 1e-5 from t = 0.5 on', () => {
    const times = [0.5, 1, 5, 9]
    const values = invert(
      (re, im, out) => {
        const size = (re + 1) ** 2 + im ** 2
        out[0] = (re + 1) / size
        out[1] = -im / size
      },
      { from: 0, to: 10 },
      times,
    )
    times.forEach((t, i) => {
      expect(Math.abs(values[i] - Math.exp(-t))).toBeLessThan(1e-5)
    })
  })
})

describe('laws of elution', () => {
  it('kineticColumn() is e^{−a−kτ} √(ak/τ) I₁(2√(akτ)) after the dead time, a = κ t₀', () => {
    for (const [a, k] of [
      [200, 1],
      [60, 2],
      [30, 0.5],
      [15, 1],
    ]) {
      const law = kineticColumn({ dead: 30, adsorb: a / 30, desorb: k })
      const times = around(law)
      const found = elutionDensity(law, times)
      times.forEach((t, i) => {
        const tau = t - 30
        const exact = Math.exp(-a - k * tau) * Math.sqrt((a * k) / tau) * besselI1(2 * Math.sqrt(a * k * tau))
        expect(Math.abs(found[i] - exact) * Math.sqrt(law.variance)).toBeLessThan(1e-5)
      })
    }
  })

  it('dispersiveColumn() is the inverse Gaussian law to 1e-9', () => {
    const law = dispersiveColumn({ dead: 30, retardation: 2, peclet: 150 })
    const times = around(law)
    elutionDensity(law, times).forEach((found, i) => {
      const t = times[i]
      const exact = Math.sqrt(4500 / (2 * Math.PI * t ** 3)) * Math.exp((-4500 * (t - 60) ** 2) / (7200 * t))
      expect(Math.abs(found - exact)).toBeLessThan(1e-9)
    })
  })

  // The transform of few sites falls by a power alone: 4e-8 of the peak is what the continued fraction leaves.
  it('latticeColumn() without adsorption is the gamma law', () => {
    const law = latticeColumn({ sites: 5, hop: 2, adsorb: 1e-12, desorb: 1 })
    const times = [1, 2, 4]
    elutionDensity(law, times).forEach((found, i) => {
      const t = times[i]
      expect(Math.abs(found - (2 * (2 * t) ** 4 * Math.exp(-2 * t)) / 24)).toBeLessThan(1e-6)
    })
  })

  it('shares go from 0 to 1 and count the molecules that are never adsorbed', () => {
    const law = kineticColumn({ dead: 30, adsorb: 0.1, desorb: 0.5 })
    const [before, just, end] = elutionShare(law, [29.9, 31, 1000])
    expect(before).toBe(0)
    // e^−3 at once, then the density of I₁, by midpoints.
    let exact = Math.exp(-3)
    for (let i = 0; i < 1000; i++) {
      const tau = (i + 0.5) / 1000
      exact += (Math.exp(-3 - tau / 2) * Math.sqrt(1.5 / tau) * besselI1(2 * Math.sqrt(1.5 * tau))) / 1000
    }
    expect(Math.abs(just - exact)).toBeLessThan(1e-4)
    expect(end).toBe(1)
  })
})

describe('a column of molecules', () => {
  // With 2·10⁶ of them a correct program is farther away than 0.002 with probability 2·10⁻⁷.
  it('elutes them by the exact law of Giddings and Eyring: distance at most 0.002, mean and variance', {
    timeout: 300_000,
  }, () => {
    const column = { sites: 8, hop: 10, adsorb: 2, desorb: 3 }
    const network = latticeWalk({
      axes: [{ length: 8, forward: 10, backward: 0, ends: ['reflecting', 'absorbing'] }],
      mobility: [1, 0],
      switches: [
        { from: 0, to: 1, rate: 2 },
        { from: 1, to: 0, rate: 3 },
      ],
    })
    const units = 2_000_000
    const { left } = finish(wander({ network, units, seed: 5, until: Infinity, start: 0 }))
    const law = latticeColumn(column)
    const test = testElution(left, law)
    expect(test.statistic).toBeLessThanOrEqual(0.002)
    expect(law.mean).toBeCloseTo(0.8 * (1 + 2 / 3), 12)
    expect(Math.abs(test.mean - law.mean)).toBeLessThan(5 * Math.sqrt(law.variance / units))
    expect(Math.abs(test.variance / law.variance - 1)).toBeLessThan(5 * Math.sqrt(4 / units))
    // The test sees a column that is another by 3 %.
    expect(testElution(left, latticeColumn({ ...column, desorb: 3.09 })).statistic).toBeGreaterThan(0.002)
  })
})

describe('elutionSums()', () => {
  // 2.69/√N is exceeded with probability 10⁻⁶ (Massart 1990): 0.0019 for 2·10⁶ molecules.
  it('has the law of Giddings and Eyring too, with few stays and with many: distance at most 0.002', () => {
    for (const [column, units] of [
      [{ sites: 200, hop: 100, adsorb: 20, desorb: 30 }, 2_000_000],
      [{ sites: 4, hop: 1, adsorb: 0.8, desorb: 2 }, 200_000],
    ] as const) {
      const law = latticeColumn(column)
      const test = testElution(finish(elutionSums({ ...column, units, seed: 3 })), law)
      expect(test.statistic).toBeLessThanOrEqual(Math.max(0.002, 2.69 / Math.sqrt(units)))
      expect(Math.abs(test.mean - law.mean)).toBeLessThan(5 * Math.sqrt(law.variance / units))
    }
  })

  it('refuses rates that make no sense', () => {
    const column = { sites: 5, hop: 1, adsorb: 1, desorb: 1, units: 1, seed: 0 }
    expect(() => finish(elutionSums({ ...column, desorb: 0 }))).toThrow(/the rate desorb must be/)
    expect(() => finish(elutionSums({ ...column, sites: 1.5 }))).toThrow(/the sites must be/)
  })
})

describe('fullColumn()', () => {
  const times = Float64Array.from({ length: 100 }, (_, i) => 1 + 2 * i)
  const open = { adsorb: 1, desorb: 0.5, inlet: () => 1 }
  const column = { length: 0.3, velocity: 0.01, diffusion: 0, components: [open], times, cells: 150 }
  const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

  it("agrees with Laplace's solution within 0.5 %, gas driven by pressure or not", () => {
    for (const pressures of [1, 0.4]) {
      const dead = deadTime({ ...column, pressures })
      const law = kineticColumn({ dead, adsorb: 1, desorb: 0.5 })
      expect(farthest(finish(fullColumn({ ...column, pressures })), elutionShare(law, times))).toBeLessThan(
        0.005,
      )
    }
    expect(deadTime({ length: 1, velocity: 1, pressures: 0.5 })).toBeCloseTo(((2 / 3) * 0.875) / 0.75, 14)
  })

  it('agrees with Ogata and Banks where exchange is fast and there is diffusion', () => {
    const fast = { adsorb: 30, desorb: 30, inlet: () => 1 }
    const found = finish(fullColumn({ ...column, diffusion: 2e-5, components: [fast], beyond: 1, cells: 60 }))
    const law = dispersiveColumn({ dead: 30, retardation: 2, peclet: 150 })
    expect(farthest(found, elutionShare(law, times))).toBeLessThan(0.01)
  })

  it('leaves it where components compete: the weaker one overshoots, mass is the same', () => {
    const both = [
      { adsorb: 1, desorb: 1, inlet: () => 1 },
      { adsorb: 1, desorb: 0.3, inlet: () => 1 },
    ]
    const found = finish(fullColumn({ ...column, components: both, capacity: 4 }))
    const weak = found.subarray(0, times.length)
    expect(weak.reduce((most, c) => Math.max(most, c), 0)).toBeGreaterThan(1.05)
    // What has come in and not gone out is adsorbed: q_i = 4 κ_i/k_i /(1 + Σ κ/k /4)… of the whole column, or in the gas.
    const K = [1, 1 / 0.3]
    const free = 1 / (1 + (K[0] + K[1]) / 4)
    for (const j of [0, 1]) {
      const out = found.subarray(j * times.length, (j + 1) * times.length)
      let inside = times[0] * (1 - out[0])
      for (let i = 1; i < times.length; i++)
        inside += (times[i] - times[i - 1]) * (1 - (out[i] + out[i - 1]) / 2)
      expect(Math.abs(inside / (30 * (1 + K[j] * free)) - 1)).toBeLessThan(0.01)
    }
  })
})

// Standard errors are 0.3 % and less: 2 % is more than six of them.
describe('fitAnalyte()', () => {
  it('recovers both parameters within 2 % from a breakthrough curve of 10⁵ counts, and its intervals hold them', () => {
    const rng = random(9)
    const times = Float64Array.from({ length: 400 }, (_, i) => 1 + 0.5 * i)
    for (const [model, law, truth] of [
      ['kinetic', kineticColumn({ dead: 30, adsorb: 1.5, desorb: 1 }), { adsorb: 1.5, desorb: 1 }],
      [
        'dispersive',
        dispersiveColumn({ dead: 30, retardation: 2.5, peclet: 120 }),
        { retardation: 2.5, peclet: 120 },
      ],
    ] as const) {
      const noise = () => Array.from({ length: 12 }, () => rng.uniform()).reduce((sum, u) => sum + u, -6)
      const values = elutionShare(law, times).map(share => 1e5 * share + Math.sqrt(1e5 * share) * noise())
      const { parameters } = fitAnalyte(
        { times, values },
        { dead: 30, model, input: 'step', noise: 'counts' },
      )
      for (const [name, value] of Object.entries(truth)) {
        const found = parameters[name]
        expect(Math.abs(found.value / value - 1), name).toBeLessThan(0.02)
        expect(
          value > found.low - (found.high - found.low) && value < found.high + (found.high - found.low),
        ).toBe(true)
      }
    }
  })

  it('recovers a peak on a tilted line, and tells pairs apart', () => {
    const times = Float64Array.from({ length: 300 }, (_, i) => 40 + 0.2 * i)
    const law = kineticColumn({ dead: 30, adsorb: 4, desorb: 4 })
    const values = elutionDensity(law, times).map((d, i) => 700 * d + 5 + 0.01 * i)
    const [peak] = findPeaks(values)
    expect(times[peak.top]).toBeCloseTo(60, -1)
    const found = fitAnalyte({ times, values }, { dead: 30, model: 'kinetic', input: 'pulse' })
    expect(found.parameters.adsorb.value).toBeCloseTo(4, 3)
    expect(found.amount).toBeCloseTo(700, 1)
    expect(resolution({ mean: 10, deviation: 1 }, { mean: 16, deviation: 1 })).toBe(1.5)
  })

  it('refuses times out of order, a plateau that is not reached, a dead time after the peak', () => {
    const options = { dead: 30, model: 'kinetic', input: 'step' } as const
    const times = Float64Array.from({ length: 50 }, (_, i) => i)
    expect(() => fitAnalyte({ times: times.map(t => -t), values: times }, options)).toThrow(
      /the times must be rising/,
    )
    expect(() => fitAnalyte({ times, values: times }, options)).toThrow(/one that reaches its plateau/)
    expect(() => fitAnalyte({ times, values: times.map(t => +(t > 10)) }, options)).toThrow(
      /later than the dead time 30/,
    )
  })

  const btex = 'transport/btex_breakthrough.csv'
  withData(
    btex,
    'recovers R of the synthetic BTEX within 2 %, D of each within what its counts allow, D of all within 2 %',
    () => {
      const table = tableOf(btex)
      const times = numbersOf(table, 't')
      const truth = { benzene: 1.6, toluene: 2.4, ethylbenzene: 4.1, xylene: 4.4 }
      const peclets = Object.entries(truth).map(([name, R]) => {
        const values = numbersOf(table, name)
        const fit = (model: 'dispersive' | 'kinetic') =>
          fitAnalyte({ times, values }, { dead: 30, model, input: 'step', noise: 'counts' })
        expect(Math.abs(fit('kinetic').mean / 30 / R - 1), name).toBeLessThan(0.02)
        const found = fit('dispersive')
        expect(Math.abs(found.mean / 30 / R - 1), name).toBeLessThan(0.02)
        return found.parameters.peclet
      })
      // Counts of 400 tell a Péclet number to 3.5 … 2 % (one standard error): no fit of one analyte can promise 2 %.
      const errors = peclets.map(({ low, high }) => Math.log(high / low) / 3.92)
      expect(Math.min(...errors)).toBeGreaterThan(0.019)
      peclets.forEach(({ value }, i) => {
        expect(Math.abs(Math.log(value / 150))).toBeLessThan(3 * errors[i])
      })
      // The four share one D: together they tell it to 1.2 %.
      const { value, low, high } = pooled(peclets)
      expect(Math.abs(value / 150 - 1)).toBeLessThan(0.02)
      expect(low < 150 && 150 < high).toBe(true)
    },
  )

  const lactose = (mM: string) => `transport/hplc_lactose_${mM}mM.csv`
  withData(
    lactose('8'),
    'finds lactose at one time whatever its concentration, with areas in proportion',
    () => {
      const found = ['1', '2', '4', '8'].map(mM => {
        const table = tableOf(lactose(mM))
        const [times, values] = [numbersOf(table, 0), numbersOf(table, 1)]
        const [{ from, to }] = findPeaks(values, { prominence: 0.05 })
        const own = { times: times.slice(from, to + 1), values: values.slice(from, to + 1) }
        return fitAnalyte(own, { dead: 6, model: 'kinetic', input: 'pulse' })
      })
      for (const { mean, rms } of found) {
        expect(Math.abs(mean - 13.735)).toBeLessThan(0.01)
        expect(rms).toBeLessThan(0.02)
      }
      const areas = found.map(({ amount }) => amount)
      expect(areas[3] / areas[1] / 4).toBeCloseTo(1, 1)
    },
  )
})

describe('units', () => {
  it('are read from numbers and from the heads of columns, and demanded', () => {
    expect(quantity('time', '1000h')).toBe(3.6e6)
    expect(quantity('length', '4um')).toBeCloseTo(4e-6, 18)
    expect(() => quantity('time', '30')).toThrow(/a number with its unit/)
    expect(columnUnit('time', 'minutes').factor).toBe(60)
    expect(columnUnit('time', 'time [h]').factor).toBe(3600)
    expect(columnUnit('time', 'ret_time_s').factor).toBe(1)
    expect(() => columnUnit('time', 't')).toThrow(/named in its head or by a flag/)
    expect(columnUnit('time', 't', 'min').factor).toBe(60)
  })
})
