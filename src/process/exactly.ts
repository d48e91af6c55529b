// So many of all, drawn with probabilities of their own: independent draws, given how many they are.
import type { Random } from '../base/random.ts'

/**
 * Writes 1 for `total` of the sites and 0 for the others into `chosen` [sites], drawn as independent sites that are chosen with
 * these probabilities would be, given that they are `total` in number: sites from the first to the last, each by the law of
 * how many of those after it are chosen (Poisson's binomial). Takes sites · total steps.
 */
export function drawnExactly(
  probabilities: Float64Array,
  { total, random }: { readonly total: number; readonly random: Random },
  chosen: Int32Array,
): void {
  const sites = probabilities.length
  const wide = total + 1
  /** P(k of the sites from x on), [sites + 1, total + 1]. */
  const after = new Float64Array((sites + 1) * wide)
  after[sites * wide] = 1
  for (let x = sites - 1; x >= 0; x--) {
    const p = Math.min(1, Math.max(0, probabilities[x]))
    for (let k = 0; k < wide; k++) {
      const taken = k > 0 ? p * after[(x + 1) * wide + k - 1] : 0
      after[x * wide + k] = taken + (1 - p) * after[(x + 1) * wide + k]
    }
  }
  for (let x = 0, left = total; x < sites; x++) {
    const all = after[x * wide + left]
    const taken = left > 0 ? Math.min(1, probabilities[x]) * after[(x + 1) * wide + left - 1] : 0
    // Where the numbers leave no choice, or none that has any probability, the sites that are left decide.
    const must = left === sites - x
    chosen[x] = left > 0 && (must || random.uniform() * all < taken) ? 1 : 0
    left -= chosen[x]
  }
}
