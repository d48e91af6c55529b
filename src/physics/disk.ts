/**
 * Stars that swing through a disk: a potential of the height z, orbits by energy, kicks, and phases.
 *
 * Units: kpc, km/s, Gyr; 1 km/s is 1.0227 kpc/Gyr. The isothermal sheet (Spitzer 1942) is Φ = 2σ² log cosh(z/2h).
 */
import { cannot, demand } from '../base/errors.ts'

/** kpc per Gyr in a km/s. */
export const KPC_PER_GYR = 1.022712165045695

export interface Potential {
  /** Φ(z) in (km/s)², even, rising from 0 at z = 0. */
  readonly energy: (z: number) => number
  /** −dΦ/dz in (km/s)²/kpc. */
  readonly force: (z: number) => number
}

/** The self-gravitating isothermal sheet: dispersion σ in km/s, scale height h in kpc. */
export function isothermalSheet(sigma: number, height: number): Potential {
  demand(sigma > 0 && height > 0, 'describe a sheet', 'dispersion and height', 'above 0', [sigma, height])
  return {
    energy: z => {
      const x = Math.abs(z) / (2 * height)
      return 2 * sigma ** 2 * (x + Math.log1p(Math.exp(-2 * x)) - Math.LN2)
    },
    force: z => -(sigma ** 2 / height) * Math.tanh(z / (2 * height)),
  }
}

/** A table of Φ at rising heights from 0, straight forces in between. Throws RangeError where it does not rise. */
export function tabulatedPotential(heights: ArrayLike<number>, energies: ArrayLike<number>): Potential {
  const last = heights.length - 1
  for (let i = 1; i <= last; i++)
    if (!(heights[i] > heights[i - 1] && energies[i] > energies[i - 1]))
      throw new RangeError(
        cannot('read a potential', `row ${i + 1}`, 'above the one before', [heights[i], energies[i]]),
      )
  demand(last >= 3 && heights[0] === 0, 'read a potential', 'the heights', '4 or more, from 0', heights[0])
  // The force at the heights by central differences of Φ, 0 at the middle; Φ itself is its integral.
  const forces = Float64Array.from(heights, (_, i) => {
    if (i === 0) return 0
    const [a, b] = [i - 1, Math.min(last, i + 1)]
    return -(energies[b] - energies[a]) / (heights[b] - heights[a])
  })
  const sums = new Float64Array(last + 1)
  for (let i = 1; i <= last; i++)
    sums[i] = sums[i - 1] - ((forces[i] + forces[i - 1]) / 2) * (heights[i] - heights[i - 1])
  const place = (z: number) => {
    let k = 0
    while (k < last - 1 && heights[k + 1] < z) k++
    const share = Math.min(1, (z - heights[k]) / (heights[k + 1] - heights[k]))
    return { k, share, force: forces[k] + share * (forces[k + 1] - forces[k]) }
  }
  return {
    energy: z => {
      const { k, force } = place(Math.abs(z))
      return sums[k] - ((forces[k] + force) / 2) * (Math.abs(z) - heights[k])
    },
    force: z => Math.sign(z) * place(Math.abs(z)).force,
  }
}

export interface Orbits {
  /** Ω in rad/Gyr and the angle in [0, 2π) of every unit: 0 in the middle plane on the way up. */
  readonly frequency: Float64Array
  readonly angle: Float64Array
}

/** Energies of the table, and places of the quarter of an orbit. */
const ENERGIES = 600
const PLACES = 600

/**
 * Frequencies and angles of units. The time along a quarter orbit is ∫ dz/√(2(E − Φ)), z = z_max sin u, by midpoints, for a
 * table of energies; in between on straight lines.
 */
export function orbits(potential: Potential, z: ArrayLike<number>, v: ArrayLike<number>): Orbits {
  const energies = Float64Array.from(z, (height, i) => 0.5 * v[i] ** 2 + potential.energy(height))
  const most = energies.reduce((high, e) => Math.max(high, e), 0)
  demand(most > 0, 'compute orbits', 'the energies', 'above 0 somewhere', most)
  const step = (most * 1.0001) / ENERGIES
  const table = Array.from({ length: ENERGIES + 1 }, (_, k) => quarter(potential, Math.max(k, 0.02) * step))
  const frequency = new Float64Array(energies.length)
  const angle = new Float64Array(energies.length)
  for (let i = 0; i < energies.length; i++) {
    const at = energies[i] / step
    const k = Math.min(ENERGIES - 1, Math.floor(at))
    const share = at - k
    const mixed = (of: (q: Quarter) => number) => (1 - share) * of(table[k]) + share * of(table[k + 1])
    frequency[i] = Math.PI / 2 / mixed(q => q.times[PLACES])
    const top = turning(potential, energies[i])
    const u = (Math.asin(Math.min(1, Math.abs(z[i]) / top)) / (Math.PI / 2)) * PLACES
    const j = Math.min(PLACES - 1, Math.floor(u))
    const time = mixed(q => q.times[j] + (u - j) * (q.times[j + 1] - q.times[j]))
    const part = time * frequency[i]
    const turned =
      z[i] >= 0 ? (v[i] >= 0 ? part : Math.PI - part) : v[i] < 0 ? Math.PI + part : 2 * Math.PI - part
    angle[i] = turned
  }
  return { frequency, angle }
}

interface Quarter {
  /** Gyr from the middle plane to z_max sin u, u = 0 … π/2 in even steps, [PLACES + 1]. */
  readonly times: Float64Array
}

function quarter(potential: Potential, energy: number): Quarter {
  const top = turning(potential, energy)
  const times = new Float64Array(PLACES + 1)
  const du = Math.PI / 2 / PLACES
  for (let j = 0; j < PLACES; j++) {
    const u = (j + 0.5) * du
    const speed = Math.sqrt(Math.max(1e-300, 2 * (energy - potential.energy(top * Math.sin(u)))))
    times[j + 1] = times[j] + (top * Math.cos(u) * du) / (speed * KPC_PER_GYR)
  }
  return { times }
}

/** The height at which Φ = E, by Newton's steps kept within a bracket. */
function turning(potential: Potential, energy: number): number {
  let [low, high] = [0, 1e-3]
  while (potential.energy(high) < energy) high *= 2
  let z = high
  for (let k = 0; k < 100 && high - low > 1e-13 * high; k++) {
    const rest = potential.energy(z) - energy
    if (Math.abs(rest) <= 1e-13 * energy) break
    if (rest > 0) high = z
    else low = z
    const next = z + rest / potential.force(z)
    z = next > low && next < high ? next : (low + high) / 2
  }
  return z
}

/** |mean e^{in(θ − Ωt)}| over units at some ages, n arms: most at the age at which the units were kicked. */
export function unwound({ frequency, angle }: Orbits, ages: ArrayLike<number>, arms = 1): Float64Array {
  return Float64Array.from(ages, age => {
    let [re, im] = [0, 0]
    for (let i = 0; i < angle.length; i++) {
      const phase = arms * (angle[i] - frequency[i] * age)
      re += Math.cos(phase)
      im += Math.sin(phase)
    }
    return Math.hypot(re, im) / angle.length
  })
}

/**
 * The age of a phase spiral: when the angles, turned back by their own frequencies, are most alike. Units of the inner and
 * outer tenth of the frequencies are left out: the slowest and the fastest tell little and blur much.
 */
export function spiralAge(
  orbit: Orbits,
  { longest = 1.5, arms = 1 } = {},
): { age: number; ages: Float64Array; score: Float64Array } {
  const sorted = orbit.frequency.slice().sort()
  const [low, high] = [0.1, 0.9].map(share => sorted[Math.floor(share * (sorted.length - 1))])
  const inside = [...orbit.frequency.keys()].filter(
    i => orbit.frequency[i] > low && orbit.frequency[i] < high,
  )
  const kept = {
    frequency: Float64Array.from(inside, i => orbit.frequency[i]),
    angle: Float64Array.from(inside, i => orbit.angle[i]),
  }
  const ages = Float64Array.from({ length: 601 }, (_, k) => (longest * k) / 600)
  const score = unwound(kept, ages, arms)
  const best = score.indexOf(score.reduce((most, value) => Math.max(most, value), 0))
  return { age: ages[best], ages, score }
}
