/** A map of points as standalone SVG: one scale for both axes, colours by label, a legend. */
import { demand } from '../base/errors.ts'

export interface ScatterOptions {
  readonly title: string
  readonly points: readonly (readonly [number, number])[]
  /** One per point; the same text is the same colour. Numbers are sorted as numbers. */
  readonly labels?: readonly string[]
  /** In pixels, default 640. */
  readonly size?: number
}

// Okabe and Ito's colours, then Paul Tol's muted ones: twelve that can be told apart.
const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#e69f00',
  '#332288',
  '#999933',
  '#aa4499',
  '#117733',
  '#882255',
  '#888888',
]

/** Draws points on white. Classes after the twelfth share the last colour. */
export function scatterChart({ title, points, labels, size = 640 }: ScatterOptions): string {
  demand(points.length > 0, 'draw a map', 'the points', 'at least one', points.length)
  const classes = labels
    ? [...new Set(labels)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : ['']
  const rank = new Map(classes.map((one, i) => [one, i]))
  const colourOf = (i: number) =>
    colours[Math.min(colours.length - 1, labels ? (rank.get(labels[i]) ?? 0) : 0)]
  const legend = labels ? classes.map((one, i) => keyOf(one, { i, size })).join('') : ''
  const place = placed(points, size)
  const radius = Math.max(1.5, Math.min(4, 60 / Math.sqrt(points.length)))
  const dots = points.map((_, i) => {
    const [x, y] = place(i)
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${colourOf(i)}"/>`
  })
  const width = size + (labels ? 200 : 0)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size}" viewBox="0 0 ${width} ${size}"`,
    ` font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#222">`,
    `<rect width="${width}" height="${size}" fill="white"/>`,
    `<text x="16" y="24" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    `<g fill-opacity="0.8">${dots.join('')}</g>${legend}</svg>\n`,
  ].join('')
}

/** Puts points into the square below the title, without stretching them. */
function placed(points: ScatterOptions['points'], size: number): (i: number) => [number, number] {
  const range = [0, 1].map(axis => {
    const values = points.map(point => point[axis])
    const low = values.reduce((a, b) => Math.min(a, b))
    const high = values.reduce((a, b) => Math.max(a, b))
    return { middle: (low + high) / 2, width: high - low }
  })
  const wide = Math.max(range[0].width, range[1].width) || 1
  const scale = (size - 80) / wide
  return i => [
    size / 2 + (points[i][0] - range[0].middle) * scale,
    size / 2 + 20 - (points[i][1] - range[1].middle) * scale,
  ]
}

function keyOf(name: string, { i, size }: { readonly i: number; readonly size: number }): string {
  const y = 50 + 20 * i
  if (y > size - 10) return ''
  const colour = colours[Math.min(colours.length - 1, i)]
  return `<circle cx="${size + 16}" cy="${y}" r="5" fill="${colour}"/><text x="${size + 28}" y="${y + 4.5}">${escaped(name)}</text>`
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`)
