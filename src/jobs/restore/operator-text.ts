/** Operators and likelihoods as people type them: `blur:1.5`, `projections:8`, `gaussian:0.5`. */
import { cannot, refused, UsageError } from '../../base/errors.ts'
import { readNpy } from '../../formats/npy.ts'
import type { BoundaryName } from '../../lattice/index.ts'
import { evenAngles, type LikelihoodDescription, type OperatorDescription } from '../../restoration/index.ts'
import { maskOf } from '../complete/images.ts'
import { oneOf, text, truth } from '../fields.ts'
import { loadImages, type Reading } from '../input/images.ts'
import { numbersOf } from './seen.ts'

const kinds =
  'blur:SIGMA, psf:FILE, mask:FILE, blocks:SIDE, projections:VIEWS, projections:VIEWS:FROM:TO or projections:A,B,…'

/** The fields of what measures. */
export const measuringFields = {
  operator: text({
    help: `what was measured of an image: ${kinds} (angles in degrees)`,
    argument: '<operator>',
  }),
  scatter: text({
    help: 'how what is measured scatters: poisson (counts of photons), gaussian:SIGMA, or none (default: poisson)',
    argument: '<law>',
  }),
  boundary: oneOf(['periodic', 'no-flux'] as const, {
    help: 'of blurs: whether the edges are walls that give back, or join',
  }),
  normalise: truth({ help: 'scale a PSF to the sum 1' }),
} as const

export interface OperatorOptions extends Reading {
  readonly shape: readonly [number, number, number]
  readonly boundary: BoundaryName
  readonly normalise: boolean
}

/** @throws UsageError for what is no operator, RangeError for a file that does not fit */
export function operatorOf(
  told: string,
  { shape, boundary, normalise, ...reading }: OperatorOptions,
): OperatorDescription {
  const [, kind = '', rest = ''] = /^(\w+):(.+)$/.exec(told) ?? []
  const numbers = rest.split(/[:,]/).map(word => (word.trim() === '' ? Number.NaN : Number(word)))
  const wrong = () => refused('measure', 'operator', `one of ${kinds}`, told)
  if (kind === 'psf' || (kind === 'blur' && Number.isNaN(numbers[0])))
    return { ...psfOf(rest, { normalise, ...reading }), boundary }
  if (kind === 'mask') {
    const seen = maskOf(rest, shape, reading)
    return { kind, seen }
  }
  if (numbers.some(Number.isNaN)) throw wrong()
  if (kind === 'blur' && numbers.length === 1 && numbers[0] >= 0) return { kind, sigma: numbers[0], boundary }
  if (kind === 'blocks' && numbers.length === 1) return { kind, side: numbers[0] }
  if (kind !== 'projections') throw wrong()
  if (rest.includes(',')) return { kind, angles: numbers }
  const [views, from = 0, to = 180] = numbers
  if (!(Number.isInteger(views) && views >= 1 && views <= 10_000 && numbers.length !== 2)) throw wrong()
  return { kind, angles: evenAngles(views, from, to) }
}

/** A point spread function out of a file; one whose sum is not 1 is refused, with the remedy, or scaled. */
function psfOf(
  path: string,
  { normalise, files, say }: Reading & { readonly normalise: boolean },
): { kind: 'psf'; weights: Float64Array; shape: readonly [number, number] } {
  const { data, shape } = path.endsWith('.npy')
    ? numbersOf(readNpy(files.read(path), path), path)
    : planeOf(loadImages(path, { files, say }))
  if (shape.length !== 2) throw refused('measure', 'operator', `a PSF [h, w] in ${path}`, shape)
  const weights = Float64Array.from(data, Number)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (!(sum > 0)) throw refused('measure', 'operator', `a PSF of a sum above 0 in ${path}`, sum)
  if (Math.abs(sum - 1) > 1e-6) {
    if (!normalise) {
      const wanted = `1 (--normalise scales it: a PSF of another sum makes or loses units)`
      throw new UsageError(cannot('measure', `the sum of the PSF ${path}`, wanted, sum))
    }
    for (let i = 0; i < weights.length; i++) weights[i] /= sum
  }
  return { kind: 'psf', weights, shape: [shape[0], shape[1]] }
}

const planeOf = ({ counts, shape }: { counts: ArrayLike<number>; shape: readonly number[] }) => ({
  data: counts,
  shape: shape.slice(1),
})

/** @throws UsageError for what is no law; undefined where nothing scatters */
export function scatterOf(told: string): LikelihoodDescription | undefined {
  if (told === 'poisson') return { kind: 'poisson' }
  if (told === 'none') return undefined
  const [, sigma] = /^gaussian:(.+)$/.exec(told) ?? []
  if (sigma !== undefined && Number(sigma) > 0) return { kind: 'gaussian', sigma: Number(sigma) }
  throw refused('measure', 'scatter', 'poisson, gaussian:SIGMA with SIGMA above 0, or none', told)
}
