/** Bodies as sticks, frame by frame. */
import { bones, type Motion } from './windows.ts'

/** Trunks that a body is given from side to side, and from top to bottom. */
const [WIDE, HIGH] = [4, 4.6]

/** Pixels of a trunk. */
const SCALE = 26

/**
 * An SVG of motions, rows [rows][columns]: each as every fifth of its frames, laid over each other, later ones darker.
 */
export function sticks(rows: readonly (readonly Motion[])[]): string {
  const [width, height] = [WIDE * SCALE * rows[0].length, HIGH * SCALE * rows.length]
  const bodies = rows.flatMap((row, r) =>
    row.flatMap((motion, c) => {
      const frames = motion[0].length
      const shown = Array.from({ length: frames }, (_, f) => f).filter(f => f % 5 === 0)
      return shown.map(f => {
        const at = (joint: number) =>
          [motion[2 * joint][f] + WIDE * (c + 0.5), motion[2 * joint + 1][f] + HIGH * (r + 0.45)]
            .map(x => (SCALE * x).toFixed(1))
            .join(' ')
        const path = bones.map(([a, b]) => `M${at(a)}L${at(b)}`).join('')
        return `<path d="${path}" stroke-opacity="${(0.2 + (0.8 * f) / frames).toFixed(2)}"/>`
      })
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/><g fill="none" stroke="#0072b2" stroke-width="1.5" stroke-linecap="round">${bodies.join('')}</g></svg>\n`
}
