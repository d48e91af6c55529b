/** `saltus measure`: microstructures measured, and samples against a reference. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { demand } from '../../base/errors.ts'
import { writeWhole } from '../../node/files.ts'
import { sayer } from '../../node/say.ts'
import {
  crops,
  drive,
  type Labels,
  type Measured,
  type MeasureOptions,
  measure,
  outside,
  representative,
} from '../../structure/index.ts'
import { interruption, progressBar } from '../progress.ts'
import { chosen, demandFlags, type Flags, withMeasureFlags } from './flags.ts'
import { commonVoxel, type Grids, heldOutOf, loadGrids } from './input.ts'
import { comparison, record } from './json.ts'
import { writeMaps } from './maps.ts'
import { htmlReport, svgReport } from './report.ts'
import { type Context, type MeasuredSet, picturesOf } from './set.ts'
import { csv, subject, table } from './table.ts'

export function measureCommand(): Command {
  const command = new Command('measure')
    .description(
      'measure microstructures: correlations, pore sizes, surfaces, tortuosity; samples against a reference',
    )
    .argument(
      '<files...>',
      'labels (0 = pore): TIFF, PNG, .npy, .npz, .vti, .mhd, .nrrd, .nii, HDF5, .raw with --shape, or folders of slices',
    )
  return withMeasureFlags(command).action(async (files: string[], flags: Flags) => run(files, flags))
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  demandFlags(flags)
  const held = flags.heldOutOf === undefined ? undefined : heldOutOf(flags.heldOutOf)
  const tell = sayer(flags)
  const load = async (
    paths: readonly string[],
    { volume, part }: { volume?: boolean; part?: readonly [number, number] },
  ) => {
    const found: Grids[] = []
    const { spacing } = flags
    // What is no number is never part of a sample.
    const reading = { ...flags, ignore: flags.ignore ?? Number.NaN, say: tell }
    for (const path of paths) found.push(await loadGrids(path, { flags: reading, volume, spacing, part }))
    return found
  }
  const inputs = await load(files, flags)
  // What samples are compared with is taken as they are: slices by slices.
  const volume = flags.volume ?? inputs[0].grids[0].shape.length === 3
  const references = flags.reference && (await load(flags.reference, { volume, part: held?.part }))
  const voxel = commonVoxel([...inputs, ...(references ?? [])])
  demandPhase([...inputs, ...(references ?? [])], flags)
  const reference = references && referenceOf(references, inputs, flags)
  const names = flags.names ?? held?.phases
  const context: Context = {
    voxel,
    phase: flags.phase,
    ...(names && { names }),
    ...(inputs[0].values && { values: inputs[0].values }),
  }
  const say = once(() => {
    if (!flags.quiet) process.stderr.write(`measured: ${subject(context)}\n`)
  })
  const sets = await measureAll(reference ? [...inputs, reference] : inputs, { flags, context, say })
  say()
  const compared = { samples: sets.slice(0, inputs.length), reference: reference && sets[inputs.length] }
  if (flags.csv) writeWhole(flags.csv, csv(sets))
  if (flags.report) {
    const write = extname(flags.report).toLowerCase() === '.svg' ? svgReport : htmlReport
    writeWhole(flags.report, await write(compared, context))
  }
  if (!flags.json) {
    const pore = inputs.map(
      ({ name, labels }) => `${name}: label ${flags.phase} is taken as pore, of ${labels}\n`,
    )
    process.stdout.write(`${pore.join('')}${table(compared, context)}`)
  } else {
    const lines: object[] = compared.samples.map(set => record(set, context))
    if (compared.reference)
      lines.push(
        { role: 'reference', ...record(compared.reference, context) },
        comparison({ ...compared, reference: compared.reference }),
      )
    process.stdout.write(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  }
}

/** A phase that no file has is refused with the list of what is there. */
function demandPhase(files: readonly Grids[], { phase }: Flags): void {
  const there = files.some(({ grids }) => grids.some(({ data }) => data.includes(phase)))
  const [{ name, labels }] = files
  demand(there, `measure ${name}`, '--phase', `one of the labels that there are, ${labels}`, phase)
}

/** All files of the reference together, in crops of the samples' shape. */
function referenceOf(references: readonly Grids[], inputs: readonly Grids[], flags: Flags): Grids {
  const name = references.map(reference => reference.name).join(', ')
  const all = references.flatMap(({ grids }) => grids)
  const samples = inputs.flatMap(({ grids }) => grids)
  const grids = matching(all, samples, flags.crops)
  if (!flags.quiet && grids !== all)
    process.stderr.write(`reference: ${grids.length} crops of ${grids[0].shape.join('×')}\n`)
  return { name, grids, labels: references[0].labels }
}

function matching(reference: readonly Labels[], samples: readonly Labels[], most: number): readonly Labels[] {
  const [{ shape }] = samples
  const what = 'compare with the reference'
  for (const sample of samples) {
    const same = sample.shape.join() === shape.join()
    demand(same, what, 'the shape of every image', shape.join('×'), sample.shape.join('×'))
  }
  const same = reference.every(grid => grid.shape.join() === shape.join())
  if (same && reference.length <= most) return reference
  const all = crops(reference, { shape }).filter(({ data }) => !data.includes(outside))
  demand(all.length > 0, what, 'the reference', `at least one crop of ${shape.join('×')}`, 'none')
  const count = Math.min(all.length, most)
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)])
}

/** Does it the first time that it is asked for. */
function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

interface Job {
  readonly flags: Flags
  /** Says what is measured: only when the measuring has begun, for till then the call may be refused. */
  readonly say: () => void
  readonly context: Context
}

async function measureAll(inputs: readonly Grids[], { flags, context, say }: Job): Promise<MeasuredSet[]> {
  const { phase, periodic, range, conductivity } = flags
  const only = chosen(flags)
  const spacing = context.voxel.sides
  const options: MeasureOptions = {
    phase,
    periodic,
    range,
    only,
    spacing,
    conductivity,
    labels: labelsIn(inputs, phase),
  }
  const total = inputs.reduce((sum, { grids }) => sum + grids.length, 0)
  const bar = progressBar('measure', { total: 100, quiet: flags.quiet })
  const { signal, release } = interruption()
  try {
    let done = 0
    const sets: MeasuredSet[] = []
    for (const { name, grids } of inputs) {
      const measured: Measured[] = []
      for (const grid of grids) {
        const onProgress = (share: number) => {
          say()
          bar.update(
            Math.floor((100 * (done + share)) / total),
            `${name} ${measured.length + 1}/${grids.length}`,
          )
        }
        measured.push(await drive(measure(grid, options), { signal, onProgress }))
        done++
      }
      const needed = only.includes('representative') && {
        representative:
          measured.length === 1
            ? measured[0].representative
            : await drive(representative(grids, { phase, spacing }), { signal }),
      }
      sets.push({ name, measured, ...needed, ...(flags.report && { pictures: picturesOf(grids) }) })
    }
    if (flags.maps) await writeMaps(inputs, { ...options, folder: flags.maps, signal })
    return sets
  } finally {
    bar.stop()
    release()
  }
}

/** One more than the largest label of all files, at least 2. */
function labelsIn(inputs: readonly Grids[], phase: number): number {
  let largest = Math.max(1, phase)
  for (const { grids } of inputs)
    for (const { data } of grids)
      for (let i = 0; i < data.length; i++) if (data[i] > largest && data[i] !== outside) largest = data[i]
  return largest + 1
}
