// Small graphs as SVG, in a grid: nodes where the ways between them have about their lengths.
import { demandGiven } from '../base/given.ts'

interface Drawn {
  readonly n: number
  readonly edges: readonly (readonly [number, number])[]
}

/** Pixels of the square of one graph. */
const SIDE = 120

/** At most so many graphs are drawn. */
const MOST = 64

/** As many of the graphs as fit into a grid of eight columns and eight rows, as the text of an SVG file. */
export function drawnGraphs(graphs: readonly Drawn[], columns = 8): string {
  demandGiven('draw the graphs', { graphs, columns }, { graphs: 'objects', columns: 'number' })
  const shown = graphs.slice(0, MOST)
  const wide = Math.min(columns, shown.length)
  const [width, height] = [wide * SIDE, Math.ceil(shown.length / wide) * SIDE]
  const parts = shown.map((one, i) => {
    const places = placed(one).map(([x, y]) => [SIDE * (0.5 + 0.42 * x), SIDE * (0.5 + 0.42 * y)])
    const at = (k: number) => places[k].map(value => value.toFixed(1))
    const lines = one.edges.map(([a, b]) => `M${at(a).join(' ')}L${at(b).join(' ')}`).join('')
    const dots = places.map((_, k) => `<circle cx="${at(k)[0]}" cy="${at(k)[1]}" r="3.5"/>`).join('')
    const where = `translate(${(i % wide) * SIDE} ${Math.floor(i / wide) * SIDE})`
    return `<g transform="${where}"><path d="${lines}" stroke="#888" fill="none"/><g fill="#0072b2">${dots}</g></g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

/** Rounds of the places. */
const ROUNDS = 100

/**
 * Places in [-1, 1]², by majorisation of the stress Σ w_ij (|x_i - x_j| - d_ij)², w = d^-2, with d the lengths of the
 * shortest ways (Gansner, Koren & North 2004); nodes that no way joins are put a little further apart than any.
 */
function placed({ n, edges }: Drawn): (readonly [number, number])[] {
  const far = lengthsOf({ n, edges })
  let places = Array.from({ length: n }, (_, i): readonly [number, number] => {
    const angle = (2 * Math.PI * i) / n
    return [Math.cos(angle) + 0.01 * i, Math.sin(angle)]
  })
  for (let round = 0; round < ROUNDS; round++)
    places = places.map(([x, y], i) => {
      let [sum, u, v] = [0, 0, 0]
      places.forEach(([a, b], j) => {
        if (j === i) return
        const d = far[i * n + j]
        const gap = Math.max(1e-6, Math.hypot(x - a, y - b))
        u += (a + (d * (x - a)) / gap) / d ** 2
        v += (b + (d * (y - b)) / gap) / d ** 2
        sum += 1 / d ** 2
      })
      return sum > 0 ? [u / sum, v / sum] : [x, y]
    })
  const middle = [0, 1].map(k => places.reduce((sum, place) => sum + place[k], 0) / n)
  const reach = Math.max(
    1e-6,
    ...places.map(([x, y]) => Math.max(Math.abs(x - middle[0]), Math.abs(y - middle[1]))),
  )
  return places.map(([x, y]) => [(x - middle[0]) / reach, (y - middle[1]) / reach])
}

/** Edges of the shortest ways, [n, n]. */
function lengthsOf({ n, edges }: Drawn): Float64Array {
  const far = new Float64Array(n * n).fill(Infinity)
  for (let i = 0; i < n; i++) far[i * n + i] = 0
  for (const [a, b] of edges) far[a * n + b] = far[b * n + a] = 1
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) far[i * n + j] = Math.min(far[i * n + j], far[i * n + k] + far[k * n + j])
  const most = far.reduce((longest, d) => (d < Infinity ? Math.max(longest, d) : longest), 1)
  return far.map(d => (d < Infinity ? d : most + 1))
}
