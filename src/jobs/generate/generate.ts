/** The job `generate`: images of exactly the mass, materials of exactly the volume fractions that are asked for. */
import { refused } from '../../base/errors.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decodeModelFile, type ModelFile } from '../../model/file.ts'
import { resized } from '../../model/resize.ts'
import { inBlocks, largeInBlocks, type Parts } from '../../model/volume.ts'
import { type ProcessDescription, process as processOf } from '../../process/index.ts'
import type { Context } from '../context.ts'
import { draw } from '../draw/draw.ts'
import { solverOf } from '../draw/solver.ts'
import { type JobRecord, jobRecord, sha256 } from '../record.ts'
import type { Asking, GenerateJob } from './asking.ts'
import { temperatureOf } from './fields.ts'
import { imagePlan } from './images.ts'
import { materialPlan } from './material.ts'
import { demandMemory } from './memory.ts'
import type { Plan, Samples } from './samples.ts'
import { modelsNamed, ofSlices } from './slices.ts'
import type { Asked, Telling } from './telling.ts'

const nothing: Telling = { told: [], warnings: [] }

/** What reads what is told is loaded where anything is. */
const toldBy = async ({ tell, sketch }: Asked) =>
  tell === undefined && sketch === undefined ? undefined : import('./telling.ts')

/** What the job asks for, checked: how it is to be drawn, and what comes of it. */
export async function generatePlan(
  job: GenerateJob,
  { files, memory, rebuild = processOf }: Pick<Context, 'files' | 'rebuild' | 'memory'>,
): Promise<Plan> {
  const named = modelsNamed(job.model).map(name => files.model(name))
  const read = named.map(({ bytes, file }) => decodeModelFile(bytes, file, { rebuild }))
  const [file] = read
  if (rebuild(file.description.process).blocks !== undefined) {
    const wanted = 'one that draws from masses: this one begins from sums of blocks (saltus restore)'
    throw refused('sample', 'model', wanted, job.model)
  }
  const { size } = job
  if (size && size.length > 2) demandMemory([file.description.task.shape[0], ...size], memory)
  const { model = file.bytes, description, process, parts, warnings = [] } = sized(read, job)
  const reader = await toldBy(job)
  const { told, warnings: doubts } = reader?.telling(job, description, files) ?? nothing
  if (told.length > 0 && parts) demandWhole(told, description, parts)
  const asking: Asking = {
    name: named.map(({ name }) => name).join(', '),
    warnings: [...warnings, ...doubts],
    description,
    job,
    rebuild,
    ...(told.length > 0 && { like: numbersOf(told, description) }),
    drawing: wished => ({
      model,
      description,
      process,
      parts,
      solver: solverOf(job, description, rebuild),
      seed: job.seed,
      masses: wished.map(wish => wish.masses),
      labels: wished.map(wish => wish.label),
      ...(told.length > 0 && { told }),
      guidance: job.guidance,
      temperature: temperatureOf(job, description),
    }),
  }
  if (description.task.pairs) return (await import('./graphs.ts')).graphsPlan(asking, files)
  for (const name of ['nodes', 'like'] as const)
    if (job[name] !== undefined)
      throw refused('sample', name, 'left out with this model: it draws no graphs', job[name])
  if (description.task.parts) return (await import('./joint.ts')).jointPlan(asking, files)
  for (const name of ['given', 'givenWith'] as const)
    if (job[name] !== undefined)
      throw refused('sample', name, 'left out with this model: it has one part', job[name])
  const plan = description.data.material ? materialPlan(asking) : imagePlan(asking)
  const tight = reader?.tight(plan.drawing) ?? []
  return { ...plan, warnings: [...plan.warnings, ...tight] }
}

/** The numbers that are told of image number i, in the order of `task.told`. */
const numbersOf =
  (told: Telling['told'], { task }: ModelDescription) =>
  (image: number): number[] =>
    (task.told ?? []).flatMap(one => {
      if (one.kind !== 'numbers') return []
      const rows = told.find(({ name }) => name === one.name)?.rows
      return one.names.map((_, k) => rows?.[image % rows.length][k] ?? Number.NaN)
    })

/** Networks that see a part of a volume can be told numbers and words alone. */
function demandWhole(told: Telling['told'], { task }: ModelDescription, { kind }: Parts): void {
  const [image] = told.filter(({ name }) =>
    task.told?.some(one => one.name === name && (one.kind === 'image' || kind === 'slices')),
  )
  if (image) throw refused('sample', 'tell', 'left out with volumes that are drawn part by part', image.name)
}

interface Sized {
  readonly model?: Uint8Array
  readonly description: ModelDescription
  readonly process?: ProcessDescription
  readonly parts?: Parts
  readonly warnings?: readonly string[]
}

/** What the models draw at the size that is asked for. */
function sized(read: readonly ModelFile[], { size, fromSlices }: GenerateJob): Sized {
  const [file] = read
  if (fromSlices) return ofSlices(read, size)
  if (read.length > 1) throw refused('sample', 'model', 'one, but for volumes with fromSlices', 'several')
  if (!size) return { model: file.bytes, description: file.description }
  const own = String(size) === String(file.description.task.shape.slice(1))
  if (inBlocks(size) && (size.length === 3 || !own)) return largeInBlocks(file, size)
  const { model, process } = resized(file, size)
  return { model: model.bytes, description: model.description, process }
}

/** Draws what was planned. @throws Cancelled when the signal asks for an end */
export async function drawPlan(
  plan: Plan,
  job: { readonly kind: string; readonly model: string } & Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Samples> {
  for (const words of plan.warnings) context.say?.(words)
  const drawn = await draw(plan.drawing, context)
  return plan.finish(
    drawn,
    await recordOf(plan, job, { fingerprint: drawn.fingerprint, files: context.files }),
  )
}

/** What is noted of a plan that was drawn. */
export async function recordOf(
  plan: Plan,
  job: { readonly kind: string; readonly model: string } & Readonly<Record<string, unknown>>,
  { fingerprint, files }: { readonly fingerprint: string; readonly files: Context['files'] },
): Promise<JobRecord> {
  const { calls } = plan.drawing.solver as { calls?: number }
  const usual = { solver: plan.drawing.solver.kind, ...(calls !== undefined && { calls }) }
  const told = { ...job, ...(plan.told ?? usual) }
  const hashes: Record<string, string> = {}
  for (const name of modelsNamed(job.model)) hashes[name] = await sha256(files.model(name).bytes)
  const asked = job as Asked & Partial<Pick<GenerateJob, 'like' | 'given' | 'givenWith'>>
  const beside = [asked.like, asked.given, asked.givenWith].filter(
    name => name !== undefined && files.below(name) === undefined,
  ) as string[]
  for (const name of [...((await toldBy(asked))?.filesTold(asked) ?? []), ...beside])
    hashes[name] = await sha256(files.read(name))
  return jobRecord({ job: told, sha256: hashes, fingerprint })
}

/** Draws the samples of a job. @throws UsageError for what the model cannot be told, Cancelled when the signal asks for an end */
export async function generate(job: GenerateJob, context: Context): Promise<Samples> {
  return drawPlan(await generatePlan(job, context), { kind: 'generate', ...job }, context)
}
