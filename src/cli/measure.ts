/** `saltus measure`: microstructures measured, and samples against a reference. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, demand } from '../base/errors.ts'
import {
  type Coding,
  crops,
  drive,
  type Labels,
  type Measured,
  type MeasureOptions,
  measure,
  type Quantity,
  quantities,
} from '../structure/index.ts'
import { demandWritable, writeWhole } from './files.ts'
import { loadGrids } from './measure-input.ts'
import { comparison, type MeasuredSet, record, type VoxelSize } from './measure-json.ts'
import { htmlReport, svgReport } from './measure-report.ts'
import { csv, table } from './measure-table.ts'
import { interruption, progressBar } from './progress.ts'
import { decimal, listOf, oneOf, several, UsageError, whole } from './usage.ts'

interface Flags {
  readonly reference?: string[]
  readonly volume: boolean
  readonly phase: number
  readonly threshold?: number
  readonly levels?: number[]
  readonly voxelSize?: VoxelSize
  readonly periodic: boolean
  readonly range?: number
  readonly only?: Quantity[]
  readonly crops: number
  readonly json: boolean
  readonly csv?: string
  readonly report?: string
  readonly quiet: boolean
}

export function measureCommand(): Command {
  return new Command('measure')
    .description(
      'measure microstructures: correlations, pore sizes, surfaces, tortuosity; samples against a reference',
    )
    .argument('<files...>', 'labels (0 = pore): PNG, .npy, .npz (gzip or not), or folders of them')
    .option(
      '--reference <path>',
      'compare all files with this one; larger images are cut into crops; may be given several times',
      several,
    )
    .option('--volume', 'slices [N, H, W], or the files of a folder, are one volume', false)
    .option('--phase <label>', 'the label that is measured', whole('--phase', { least: 0, most: 255 }), 0)
    .option('--threshold <value>', 'values of at least this are label 1, others 0', decimal('--threshold'))
    .option('--levels <list>', 'the values of label 0, of label 1, …: 0,128,255', listOf(decimal('--levels')))
    .option('--voxel-size <length>', 'side of a pixel or voxel, with its unit or without: 5.7um', voxelSize, {
      length: 1,
      unit: '',
    })
    .option('--periodic', 'pairs, runs and interfaces go on beyond the sides', false)
    .option(
      '--range <n>',
      'largest distance of the correlations in pixels (default: half the shortest side)',
      whole('--range', { least: 1 }),
    )
    .option('--only <list>', quantities.join(', '), listOf(oneOf('--only', quantities)))
    .option(
      '--crops <n>',
      'measure at most so many images of the reference, evenly spread',
      whole('--crops', { least: 1 }),
      200,
    )
    .option('--json', 'print one JSON object per file', false)
    .option('--csv <file>', 'write the numbers of every image')
    .option('--report <file>', 'write the curves and the table: .html or .svg')
    .option('--quiet', 'print results and errors only', false)
    .action(async (files: string[], flags: Flags) => run(files, flags))
}

function voxelSize(text: string): VoxelSize {
  const [, number = '', unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)\s*([a-zµμ]*)$/i.exec(text) ?? []
  const length = Number(number)
  if (number === '' || !(length > 0 && Number.isFinite(length)))
    throw new UsageError(cannot('run', '--voxel-size', 'a positive number, with its unit or without', text))
  return { length, unit }
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  demandOutputs(flags)
  const coding: Coding = { threshold: flags.threshold, levels: flags.levels }
  const load = (path: string) => loadGrids(path, { coding, volume: flags.volume })
  const inputs = files.map(path => ({ name: path, grids: load(path) }))
  const all = flags.reference && {
    name: flags.reference.join(', '),
    grids: flags.reference.flatMap(load),
  }
  const reference = all && {
    ...all,
    grids: matching(
      all.grids,
      inputs.flatMap(input => input.grids),
      flags.crops,
    ),
  }
  if (all && reference && !flags.quiet && reference.grids !== all.grids)
    process.stderr.write(
      `reference: ${reference.grids.length} crops of ${reference.grids[0].shape.join('×')}\n`,
    )
  const sets = await measureAll(reference ? [...inputs, reference] : inputs, flags)
  const compared = { samples: sets.slice(0, inputs.length), reference: reference && sets[inputs.length] }
  const context = { voxel: flags.voxelSize ?? { length: 1, unit: '' }, phase: flags.phase }
  if (flags.csv) writeWhole(flags.csv, csv(sets, context))
  if (flags.report) {
    const write = extname(flags.report) === '.svg' ? svgReport : htmlReport
    writeWhole(flags.report, await write(compared, context))
  }
  if (!flags.json) process.stdout.write(table(compared, context))
  else {
    const lines: object[] = compared.samples.map(set => record(set, context))
    if (compared.reference)
      lines.push(
        { role: 'reference', ...record(compared.reference, context) },
        comparison({ ...compared, reference: compared.reference }, context),
      )
    process.stdout.write(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  }
}

function demandOutputs({ csv, report, threshold, levels }: Flags): void {
  if (threshold !== undefined && levels !== undefined)
    throw new UsageError(cannot('run saltus measure', 'one of --threshold and --levels', 'given', 'both'))
  if (report !== undefined && !['.html', '.svg'].includes(extname(report)))
    throw new UsageError(cannot('write the report', '--report', 'a file ending in .html, .svg', report))
  for (const path of [csv, report]) if (path !== undefined) demandWritable(path)
}

/** The reference in crops of the samples' shape. */
function matching(reference: readonly Labels[], samples: readonly Labels[], most: number): readonly Labels[] {
  const [{ shape }] = samples
  for (const sample of samples) {
    const same = sample.shape.join() === shape.join()
    demand(
      same,
      'compare with the reference',
      'the shape of every image',
      shape.join('×'),
      sample.shape.join('×'),
    )
  }
  const same = reference.every(grid => grid.shape.join() === shape.join())
  return same && reference.length <= most ? reference : crops(reference, { shape, most })
}

interface Input {
  readonly name: string
  readonly grids: readonly Labels[]
}

async function measureAll(inputs: readonly Input[], flags: Flags): Promise<MeasuredSet[]> {
  const { phase, periodic, range, only } = flags
  const largest = inputs.flatMap(({ grids }) =>
    grids.map(({ data }) => data.reduce((most, label) => Math.max(most, label), 0)),
  )
  const labels = Math.max(2, phase + 1, ...largest.map(label => label + 1))
  const options: MeasureOptions = { phase, periodic, range, only, labels }
  const total = inputs.reduce((sum, { grids }) => sum + grids.length, 0)
  const bar = progressBar('measure', { total: 100, quiet: flags.quiet })
  const { signal, release } = interruption()
  try {
    let done = 0
    const sets: MeasuredSet[] = []
    for (const { name, grids } of inputs) {
      const measured: Measured[] = []
      for (const grid of grids) {
        const onProgress = (share: number) =>
          bar.update(
            Math.floor((100 * (done + share)) / total),
            `${name} ${measured.length + 1}/${grids.length}`,
          )
        measured.push(await drive(measure(grid, options), { signal, onProgress }))
        done++
      }
      sets.push({ name, measured })
    }
    return sets
  } finally {
    bar.stop()
    release()
  }
}
