/** The fields of the job `measure`. */
import { refused } from '../../base/errors.ts'
import { unitNamed } from '../../formats/scale.ts'
import { type Quantity, quantities, standard } from '../../structure/index.ts'
import { decimal, oneOf, several, text, truth, whole } from '../fields.ts'
import { demandCoding, labelFields } from '../input/label-fields.ts'
import { type Field, type JobOf, usually } from '../schema.ts'
import type { Voxel } from './input.ts'

const isStandard = (name: Quantity): boolean => (standard as readonly Quantity[]).includes(name)

const spacing: Field<Voxel, string> = {
  help: 'sides of a voxel from slice to slice, row to row, column to column, with their unit: 25,5,5nm',
  argument: '<lengths>',
  wanted: 'two or three positive lengths, like 25,5,5nm',
  read(value) {
    if (typeof value === 'object' && value !== null) return value as Voxel
    const [, numbers = '', unit = ''] = /^([\d.,e+-]+?)\s*([a-zµμ]*)$/i.exec(String(value)) ?? []
    const sides = numbers.split(',').map(Number)
    const few = sides.length >= 2 && sides.length <= 3
    const right = few && sides.every(side => side > 0 && Number.isFinite(side))
    return right ? { sides, unit: unitNamed(unit) } : undefined
  },
}

/** Slices are one volume, or not; where nothing is said, the file decides. */
const volume: Field<boolean> = {
  help: 'slices [N, H, W], or the files of a folder, are one volume (default: where the file says so)',
  wanted: 'true or false',
  read: value => (typeof value === 'boolean' ? value : undefined),
}

const paths = (help: string) => {
  const one = text({ help, argument: '<path>' })
  return {
    ...one,
    read: (value: unknown) => {
      const list = Array.isArray(value) ? value : [value]
      return list.length > 0 && list.every(path => one.read(path) !== undefined)
        ? (list as string[])
        : undefined
    },
  } as Field<readonly string[], string | readonly string[]>
}

export const measureSchema = {
  files: paths('labels (0 = pore)'),
  reference: paths(
    'compare all files with this one; larger images are cut into crops; may be given several times',
  ),
  heldOutOf: text({
    help: 'take of the reference only what the training of that model held out',
    argument: '<model>',
  }),
  volume,
  phase: usually(whole({ help: 'the label that is measured', argument: '<label>', least: 0, most: 255 }), 0),
  names: several(text({ help: 'what label 0, 1, … are called: pore,grain,clay', argument: '<list>' }), {
    wanted: 'words between commas',
  }),
  ...labelFields,
  spacing,
  ignore: decimal({
    help: 'sites of this value are no part of the sample (NaN never is)',
    argument: '<value>',
  }),
  conductivity: several(
    decimal({
      help: 'for transport: the conductivity of label 0, 1, …: 1,0,0.2 (default: 1 of the phase alone)',
      argument: '<list>',
      least: 0,
    }),
  ),
  periodic: truth({ help: 'pairs, runs and interfaces go on beyond the sides' }),
  range: whole({
    help: 'largest distance of the correlations in pixels (default: half the shortest side)',
    least: 1,
  }),
  only: several(oneOf(quantities, { help: `only these: ${quantities.join(', ')}`, argument: '<list>' })),
  also: several(
    oneOf(quantities, {
      help: `besides the usual ones: ${quantities.filter(name => !isStandard(name)).join(', ')}`,
      argument: '<list>',
    }),
  ),
  crops: usually(
    whole({ help: 'measure at most so many images of the reference, evenly spread', least: 1 }),
    200,
  ),
} as const

export type MeasureJob = JobOf<typeof measureSchema>

/** What is to be measured. */
export const chosen = ({ only, also = [] }: MeasureJob): readonly Quantity[] => [
  ...(only ?? standard),
  ...also,
]

/** Checks the fields against each other, before any work is done. */
export function demandFitting(job: MeasureJob): void {
  demandCoding(job, 'measure')
  const what = 'run saltus measure'
  if (job.heldOutOf !== undefined && job.reference === undefined)
    throw refused(what, 'reference', 'given with --held-out-of', null)
  if (job.spacing && job.voxelSize) throw refused(what, 'one of --spacing and --voxel-size', 'given', 'both')
}
