/** Distances of potentials, |log H_i − log H_j| over all nodes (Moon et al. 2019, Nat. Biotechnol. 37, 1482). */
import { demandGiven } from '../base/given.ts'
import { mirror, rowsByRows } from '../graph/index.ts'

/** [n, n] of a kernel whose entries below `floor` count as that. Yields the share done. */
export function* potentialDistances(
  kernel: Float64Array,
  floor: number,
): Generator<number, Float64Array, void> {
  demandGiven('measure the distances', { kernel, floor }, { kernel: 'floats', floor: 'number' })
  const n = Math.round(Math.sqrt(kernel.length))
  const potential = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += kernel[i * n + j]
    for (let j = 0; j < n; j++) potential[i * n + j] = Math.log(Math.max(floor, kernel[i * n + j] / sum))
  }
  const out = new Float64Array(n * n)
  const all = { data: potential, offset: 0, stride: n }
  const chunk = 64
  for (let first = 0; first < n; first += chunk) {
    const rows = Math.min(chunk, n - first)
    const place = { data: out, offset: first * n, stride: n }
    rowsByRows({ ...all, offset: first * n }, all, { rows, columns: first + rows, inner: n, out: place })
    yield (first / n) ** 2
  }
  mirror(out, n)
  const squares = Float64Array.from({ length: n }, (_, i) => out[i * n + i])
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      out[i * n + j] = i === j ? 0 : Math.sqrt(Math.max(0, squares[i] + squares[j] - 2 * out[i * n + j]))
  return out
}
