/** The figures by which a material's training is judged, and how near they are to come. */
import type { Field } from '../schema.ts'

/** What is looked at, and what it is called. */
export const figureNames = {
  surface: 'surface',
  pores: 'pore size',
  near: 'S2 near',
  middle: 'S2 middle',
  far: 'S2 far',
} as const

export type Figure = keyof typeof figureNames

/** How near a figure has to come for a run to end, as a part. */
export interface Aim {
  readonly figure: Figure
  readonly within: number
}

/** `surface=5%`, or `surface=0.05`. */
export const aimField: Field<Aim, string> = {
  help: 'crops: end once samples are so near to held-out crops in two checks running, like surface=5%,pores=10% (surface, pores, near, middle, far: S2 at three distances)',
  argument: '<list>',
  wanted: `FIGURE=PERCENT%, with one of ${Object.keys(figureNames).join(', ')}`,
  read(value) {
    if (typeof value === 'object' && value !== null) return value as Aim
    const [, figure, number, sign] =
      /^(\w+)=(\d+(?:\.\d+)?)(%?)$/.exec(String(value).replaceAll(' ', '')) ?? []
    if (figure === undefined || !Object.hasOwn(figureNames, figure)) return undefined
    const within = Number(number) / (sign === '%' ? 100 : 1)
    return within > 0 && within < 1 ? { figure: figure as Figure, within } : undefined
  },
}
