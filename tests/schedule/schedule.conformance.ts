// What every schedule owes, run by the test of each sibling.
import { expect, it } from 'vitest'
import { type Schedule, schedule } from '../../src/schedule/index.ts'

const grid = (points: number) => Array.from({ length: points + 1 }, (_, i) => i / points)

/** Runs the shared laws on one schedule. */
export function conforms(made: Schedule): void {
  it('`time()` rises strictly to exactly 1', () => {
    const times = grid(5000).map(made.time)
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1])
    expect(times[0]).toBeGreaterThanOrEqual(0)
    expect(times.at(-1)).toBe(1)
  })

  it('`coordinate()` is the inverse of `time()`', () => {
    const lowest = made.time(0)
    for (const u of grid(997)) {
      const t = made.time(u)
      const back = made.coordinate(t)
      expect(Math.abs(made.time(back) - t) / (t || 1)).toBeLessThan(1e-12)
      // Rounding of t alone moves u by 1e-16 t / slope, without bound where the slope falls to 0.
      if (u > 0 && u < 1) expect(Math.abs(back - u)).toBeLessThan(1e-12 + (1e-14 * t) / made.slope(u))
    }
    for (const t of grid(997).filter(t => t >= lowest && t > 0))
      expect(Math.abs(made.time(made.coordinate(t)) / t - 1)).toBeLessThan(1e-12)
    for (let t = 0.5; t > Math.max(lowest, 1e-12); t *= 0.7)
      expect(Math.abs(made.time(made.coordinate(t)) / t - 1)).toBeLessThan(1e-12)
    expect(made.coordinate(1)).toBe(1)
    expect(made.coordinate(lowest)).toBe(0)
    expect(made.coordinate(lowest / 2)).toBe(0)
  })

  it('`slope()` is the derivative of `time()`', () => {
    const h = 1e-6
    for (const u of grid(401).slice(1, -1)) {
      const difference = (made.time(u + h) - made.time(u - h)) / (2 * h)
      expect(Math.abs(difference / made.slope(u) - 1), `u = ${u}`).toBeLessThan(1e-5)
    }
  })

  it('its description survives JSON and rebuilds the same schedule', () => {
    const rebuilt = schedule(JSON.parse(JSON.stringify(made.description)))
    expect(rebuilt.description).toEqual(made.description)
    for (const u of grid(100)) {
      expect(rebuilt.time(u)).toBe(made.time(u))
      expect(rebuilt.slope(u)).toBe(made.slope(u))
      expect(rebuilt.coordinate(u)).toBe(made.coordinate(u))
    }
  })

  it('refuses coordinates and times outside [0, 1]', () => {
    for (const outside of [-1e-9, 1 + 1e-9, Number.NaN]) {
      expect(() => made.time(outside)).toThrow('Cannot tell the time: u must be in [0, 1]')
      expect(() => made.slope(outside)).toThrow('Cannot tell the slope: u must be in [0, 1]')
      expect(() => made.coordinate(outside)).toThrow('Cannot tell the coordinate: t must be in [0, 1]')
    }
  })
}
