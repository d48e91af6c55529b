/** The flags of `saltus measure`. */
import { extname } from 'node:path'
import type { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { unitNamed } from '../../formats/scale.ts'
import { demandCoding, type LabelCoding, labelFields } from '../../jobs/input/label-fields.ts'
import { demandWritable } from '../../node/files.ts'
import { type Quantity, quantities, standard } from '../../structure/index.ts'
import { withFields } from '../flags.ts'
import { decimal, listOf, oneOf, several, whole } from '../usage.ts'
import type { Voxel } from './input.ts'

export interface Flags extends LabelCoding {
  readonly reference?: string[]
  readonly heldOutOf?: string
  readonly volume?: boolean
  readonly phase: number
  readonly names?: string[]
  readonly spacing?: Voxel
  readonly ignore?: number
  readonly conductivity?: number[]
  readonly periodic: boolean
  readonly range?: number
  readonly only?: Quantity[]
  readonly also?: Quantity[]
  readonly crops: number
  readonly json: boolean
  readonly csv?: string
  readonly report?: string
  readonly maps?: string
  readonly quiet: boolean
}

export function withMeasureFlags(command: Command): Command {
  command
    .option(
      '--reference <path>',
      'compare all files with this one; larger images are cut into crops; may be given several times',
      several,
    )
    .option('--held-out-of <model>', 'take of the reference only what the training of that model held out')
    .option(
      '--volume',
      'slices [N, H, W], or the files of a folder, are one volume (default: where the file says so)',
    )
    .option('--no-volume', 'slices one by one, whatever the file says')
    .option('--phase <label>', 'the label that is measured', whole('--phase', { least: 0, most: 254 }), 0)
    .option('--names <list>', 'what label 0, 1, … are called: pore,grain,clay', listOf(word))
  return withOutputs(withChoices(withFields(command, labelFields)))
}

function withChoices(command: Command): Command {
  return command
    .option(
      '--spacing <lengths>',
      'sides of a voxel from slice to slice, row to row, column to column, with their unit: 25,5,5nm',
      spacing,
    )
    .option(
      '--ignore <value>',
      'sites of this value are no part of the sample (NaN never is)',
      decimal('--ignore'),
    )
    .option(
      '--conductivity <list>',
      'for transport: the conductivity of label 0, 1, …: 1,0,0.2 (default: 1 of the phase alone)',
      listOf(decimal('--conductivity', { least: 0 })),
    )
    .option('--periodic', 'pairs, runs and interfaces go on beyond the sides', false)
    .option(
      '--range <n>',
      'largest distance of the correlations in pixels (default: half the shortest side)',
      whole('--range', { least: 1 }),
    )
    .option('--only <list>', `only these: ${quantities.join(', ')}`, listOf(oneOf('--only', quantities)))
    .option(
      '--also <list>',
      `besides the usual ones: ${quantities.filter(name => !isStandard(name)).join(', ')}`,
      listOf(oneOf('--also', quantities)),
    )
    .option(
      '--crops <n>',
      'measure at most so many images of the reference, evenly spread',
      whole('--crops', { least: 1 }),
      200,
    )
}

function withOutputs(command: Command): Command {
  return command
    .option('--json', 'print one JSON object per file', false)
    .option('--csv <file>', 'write the numbers of every image')
    .option('--report <file>', 'write pictures, curves and the table: .html, or the curves alone: .svg')
    .option('--maps <folder>', 'write thickness, concentration and clusters as .npy and .png')
    .option('--quiet', 'print results and errors only', false)
}

const isStandard = (name: Quantity): boolean => (standard as readonly Quantity[]).includes(name)

/** What is to be measured. */
export const chosen = ({ only, also = [] }: Flags): readonly Quantity[] => [...(only ?? standard), ...also]

function word(text: string): string {
  if (text === '') throw new UsageError(cannot('run', '--names', 'words between commas', text))
  return text
}

function spacing(text: string): Voxel {
  const [, numbers = '', unit = ''] = /^([\d.,e+-]+?)\s*([a-zµμ]*)$/i.exec(text) ?? []
  const sides = numbers.split(',').map(Number)
  const right =
    sides.length >= 2 && sides.length <= 3 && sides.every(side => side > 0 && Number.isFinite(side))
  if (!right)
    throw new UsageError(cannot('run', '--spacing', 'two or three positive lengths, like 25,5,5nm', text))
  return { sides, unit: unitNamed(unit) }
}

/** Checks the flags against each other and the outputs, before any work is done. */
export function demandFlags(flags: Flags): void {
  demandCoding(flags, 'measure')
  const { csv, report, maps, heldOutOf, reference } = flags
  const what = 'run saltus measure'
  if (heldOutOf !== undefined && reference === undefined)
    throw new UsageError(cannot(what, '--reference', 'given with --held-out-of', 'nothing'))
  if (flags.spacing && flags.voxelSize)
    throw new UsageError(cannot(what, 'one of --spacing and --voxel-size', 'given', 'both'))
  if (report !== undefined && !['.html', '.svg'].includes(extname(report).toLowerCase()))
    throw new UsageError(cannot('write the report', '--report', 'a file ending in .html, .svg', report))
  for (const path of [csv, report]) if (path !== undefined) demandWritable(path)
  if (maps !== undefined) demandWritable(`${maps}/map.npy`)
}
