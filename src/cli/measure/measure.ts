/** `saltus measure`: microstructures measured, and samples against a reference. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, demand } from '../../base/errors.ts'
import { extremes } from '../../formats/extremes.ts'
import {
  crops,
  drive,
  type Labels,
  type Measured,
  type MeasureOptions,
  measure,
  type Quantity,
  quantities,
} from '../../structure/index.ts'
import { demandWritable, writeWhole } from '../files.ts'
import { demandLabelFlags, type LabelFlags, withLabelFlags } from '../label-input.ts'
import { interruption, progressBar } from '../progress.ts'
import { listOf, oneOf, several, UsageError, whole } from '../usage.ts'
import { commonVoxel, type Grids, loadGrids } from './input.ts'
import { comparison, type MeasuredSet, record } from './json.ts'
import { htmlReport, svgReport } from './report.ts'
import { csv, table } from './table.ts'

interface Flags extends LabelFlags {
  readonly reference?: string[]
  readonly volume: boolean
  readonly phase: number
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
  const command = new Command('measure')
    .description(
      'measure microstructures: correlations, pore sizes, surfaces, tortuosity; samples against a reference',
    )
    .argument(
      '<files...>',
      'labels (0 = pore): TIFF, PNG, .npy, .npz, .raw with --shape (gzip or not), or folders of slices',
    )
    .option(
      '--reference <path>',
      'compare all files with this one; larger images are cut into crops; may be given several times',
      several,
    )
    .option('--volume', 'slices [N, H, W], or the files of a folder, are one volume', false)
    .option('--phase <label>', 'the label that is measured', whole('--phase', { least: 0, most: 255 }), 0)
  return withLabelFlags(command)
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

async function run(files: readonly string[], flags: Flags): Promise<void> {
  demandLabelFlags(flags, 'measure')
  demandOutputs(flags)
  const load = async (paths: readonly string[]) => {
    const found: Grids[] = []
    for (const path of paths) found.push(await loadGrids(path, { flags, volume: flags.volume }))
    return found
  }
  const inputs = await load(files)
  const references = flags.reference && (await load(flags.reference))
  const voxel = commonVoxel([...inputs, ...(references ?? [])])
  const all = references && {
    name: references.map(({ name }) => name).join(', '),
    grids: references.flatMap(({ grids }) => grids),
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
  const context = { voxel, phase: flags.phase }
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

function demandOutputs({ csv, report }: Flags): void {
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
  const largest = inputs.flatMap(({ grids }) => grids.map(({ data }) => extremes(data).largest))
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
