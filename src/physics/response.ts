/**
 * The linear response of an isothermal sheet to a force that is the same for all stars and lasts for a while.
 *
 * Where a star swings at Ω it takes up ½ Δv² ĝ(Ω)², ĝ the transform of the pulse (a driven oscillator): e^{−(Ωτ)²} for a
 * smooth one, (1 + Ω²τ²)⁻² for one with a cusp. Stars of the sheet are no oscillators: the harmonics above the first, and
 * the change of Ω with the energy, are left out.
 */
import { isothermalSheet, orbits } from './disk.ts'
import { type Pulse, pulseSpectrum, sheetStars } from './kicks.ts'

export interface SheetResponse {
  readonly sigma: number
  readonly height: number
  readonly duration: number
  readonly pulse: Pulse
}

/** Energy left by a pulse over that of a kick at once, with every star's own frequency: the mean of ĝ(Ω)². */
export function sheetResponse({ sigma, height, duration, pulse }: SheetResponse): number {
  const { z, v } = sheetStars(4000, { sigma, height, seed: 1 })
  const { frequency } = orbits(isothermalSheet(sigma, height), z, v)
  let sum = 0
  for (const omega of frequency) sum += pulseSpectrum(pulse, omega * duration) ** 2
  return sum / frequency.length
}
