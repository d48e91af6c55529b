/** The job `measure`: microstructures measured, and samples against a reference. */
import { demand, refused } from '../../base/errors.ts'
import { breath } from '../../base/work.ts'
import type { LineChartOptions } from '../../formats/lines.ts'
import {
  crops,
  drive,
  type Labels,
  type Measured,
  type MeasureOptions,
  measure as measured,
  outside,
  representative,
} from '../../structure/index.ts'
import type { Context as Door } from '../context.ts'
import type { OutFile } from '../files.ts'
import type { LabelCoding } from '../input/label-fields.ts'
import { recordIn } from '../recorded.ts'
import { charts } from './charts.ts'
import { chosen, demandFitting, type MeasureJob } from './fields.ts'
import { commonVoxel, type Grids, heldOutOf, loadGrids } from './input.ts'
import { comparison, record } from './json.ts'
import { maps } from './maps.ts'
import { type Context, type MeasuredSet, picturesOf } from './set.ts'
import { csv, type Row, rows, type Sides, subject, table } from './table.ts'

/** What is made beside the numbers. */
export interface Extras {
  /** Thickness, concentration and clusters at every place, as arrays and pictures. */
  readonly maps?: boolean
  /** A few of the images, for the report. */
  readonly pictures?: boolean
}

/** What was measured, and how it is told. */
export interface Measurement extends Sides {
  readonly context: Context
  readonly maps: readonly OutFile[]
  /** The numbers of every file, for people. */
  table(): string
  /** One plain object for each file; with a reference that as well, and the comparison. */
  records(): readonly object[]
  /** The numbers of every image. */
  csv(): string
  /** The curves, as plain data. */
  charts(): readonly LineChartOptions[]
  /** The cells of the table, its head first. */
  rows(): readonly Row[]
}

/** @throws RangeError for files that cannot be measured together, Cancelled when the signal asks for an end */
export async function measure(
  job: MeasureJob,
  { files, say, signal, onProgress }: Omit<Door, 'runtime'>,
  extras: Extras = {},
): Promise<Measurement> {
  demandFitting(job)
  const { files: paths } = job
  if (paths === undefined) throw refused('run saltus measure', 'files', 'given', undefined)
  const held = job.heldOutOf === undefined ? undefined : heldOutOf(job.heldOutOf, files)
  const load = async (
    some: readonly string[],
    { volume, part }: { volume?: boolean; part?: readonly [number, number] },
  ) => {
    const found: Grids[] = []
    // What is no number is never part of a sample.
    const { spacing, memory, ignore = Number.NaN } = job
    const reading = { files, say, signal, memory, ignore, volume, spacing, part }
    for (const path of some)
      found.push(
        await loadGrids(path, {
          ...reading,
          coding: some === job.reference ? job : codingOf(path, job, files),
        }),
      )
    return found
  }
  const inputs = await load(paths, job)
  // What samples are compared with is taken as they are: slices by slices.
  const volume = job.volume ?? inputs[0].grids[0].shape.length === 3
  const references = job.reference && (await load(job.reference, { volume, part: held?.part }))
  const all = [...inputs, ...(references ?? [])]
  const voxel = commonVoxel(all)
  demandPhase(all, job)
  const reference = references && referenceOf(references, inputs, { job, say })
  const names = job.names ?? held?.phases
  const { values } = inputs[0]
  const context: Context = { voxel, phase: job.phase, ...(names && { names }), ...(values && { values }) }
  const tell = once(() => say?.(`measured: ${subject(context)}`))
  await breath(signal)
  const options = optionsOf(job, { all: reference ? [...inputs, reference] : inputs, context })
  const sets = await measureAll(reference ? [...inputs, reference] : inputs, {
    ...{ job, options, signal, pictures: extras.pictures ?? false },
    onProgress(share, words) {
      tell()
      onProgress?.({ done: Math.floor(100 * share), total: 100, words })
    },
  })
  tell()
  const compared = { samples: sets.slice(0, inputs.length), reference: reference && sets[inputs.length] }
  const drawn = extras.maps ? await maps(inputs, { ...options, signal }) : []
  return {
    ...compared,
    context,
    maps: drawn,
    table() {
      const pore = inputs.map(
        ({ name, labels }) => `${name}: label ${job.phase} is taken as pore, of ${labels}\n`,
      )
      return `${pore.join('')}${table(compared, context)}`
    },
    records() {
      const lines: object[] = compared.samples.map(set => record(set, context))
      const { reference } = compared
      if (!reference) return lines
      return [
        ...lines,
        { role: 'reference', ...record(reference, context) },
        comparison({ ...compared, reference }),
      ]
    },
    csv: () => csv(sets),
    charts: () => charts(compared, context),
    rows: () => rows(compared, context),
  }
}

/** Samples hold their labels as they are: beside a reference, what is said of how a scan codes them is said of the reference. */
function codingOf(path: string, job: MeasureJob, files: Door['files']): LabelCoding {
  const { channel, frame, threshold, levels } = job
  const told = [channel, frame, threshold, levels].some(of => of !== undefined)
  if (!job.reference || !told || files.below(path) !== undefined) return job
  try {
    recordIn(files.read(path), path)
  } catch {
    return job
  }
  return { ...job, channel: undefined, frame: undefined, threshold: undefined, levels: undefined }
}

/** A phase that no file has is refused with the list of what is there. */
function demandPhase(files: readonly Grids[], { phase }: MeasureJob): void {
  const there = files.some(({ grids }) => grids.some(({ data }) => data.includes(phase)))
  const [{ name, labels }] = files
  if (!there)
    throw new RangeError(
      `Cannot measure ${name}: --phase must be one of the labels that there are, ${labels}, got ${phase}`,
    )
}

/** All files of the reference together, in crops of the samples' shape. */
function referenceOf(
  references: readonly Grids[],
  inputs: readonly Grids[],
  { job, say }: { readonly job: MeasureJob; readonly say?: (sentence: string) => void },
): Grids {
  const name = references.map(reference => reference.name).join(', ')
  const all = references.flatMap(({ grids }) => grids)
  const samples = inputs.flatMap(({ grids }) => grids)
  const grids = matching(all, samples, job.crops)
  if (grids !== all) say?.(`reference: ${grids.length} crops of ${grids[0].shape.join('×')}`)
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

function optionsOf(
  job: MeasureJob,
  { all, context }: { readonly all: readonly Grids[]; readonly context: Context },
): MeasureOptions {
  const { phase, periodic, range, conductivity } = job
  const labels = labelsIn(all, phase)
  return { phase, periodic, range, conductivity, labels, only: chosen(job), spacing: context.voxel.sides }
}

interface Measuring {
  readonly job: MeasureJob
  readonly options: MeasureOptions
  readonly pictures: boolean
  readonly signal?: AbortSignal
  onProgress(share: number, words: string): void
}

async function measureAll(
  inputs: readonly Grids[],
  { job, options, pictures, signal, onProgress: tell }: Measuring,
): Promise<MeasuredSet[]> {
  const { phase, spacing } = options
  const total = inputs.reduce((sum, { grids }) => sum + grids.length, 0)
  let done = 0
  const sets: MeasuredSet[] = []
  for (const { name, grids } of inputs) {
    const list: Measured[] = []
    for (const grid of grids) {
      const onProgress = (share: number) =>
        tell((done + share) / total, `${name} ${list.length + 1}/${grids.length}`)
      list.push(await drive(measured(grid, options), { signal, onProgress }))
      done++
    }
    const needed = chosen(job).includes('representative') && {
      representative:
        list.length === 1
          ? list[0].representative
          : await drive(representative(grids, { phase, spacing }), { signal }),
    }
    sets.push({ name, measured: list, ...needed, ...(pictures && { pictures: picturesOf(grids) }) })
  }
  return sets
}

/** One more than the largest label of all files, at least 2. */
function labelsIn(inputs: readonly Grids[], phase: number): number {
  let largest = Math.max(1, phase)
  for (const { grids } of inputs)
    for (const { data } of grids)
      for (let i = 0; i < data.length; i++) if (data[i] > largest && data[i] !== outside) largest = data[i]
  return largest + 1
}
