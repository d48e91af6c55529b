/** The job `generate`: images of exactly the mass, materials of exactly the volume fractions that are asked for. */
import { decodeModelFile } from '../../model/file.ts'
import { resized } from '../../model/resize.ts'
import { process as processOf } from '../../process/index.ts'
import type { Context } from '../context.ts'
import { draw } from '../draw/draw.ts'
import { solverOf } from '../draw/solver.ts'
import { type JobRecord, jobRecord, sha256 } from '../record.ts'
import type { Asking, GenerateJob } from './asking.ts'
import { imagePlan } from './images.ts'
import { materialPlan } from './material.ts'
import type { Plan, Samples } from './samples.ts'

/** What the job asks for, checked: how it is to be drawn, and what comes of it. */
export function generatePlan(
  job: GenerateJob,
  { files, rebuild = processOf }: Pick<Context, 'files' | 'rebuild'>,
): Plan {
  const { name, file: of, bytes } = files.model(job.model)
  const file = decodeModelFile(bytes, of, { rebuild })
  const { model, process } = job.size ? resized(file, job.size) : { model: file, process: undefined }
  const { description } = model
  const asking: Asking = {
    name,
    description,
    job,
    rebuild,
    drawing: wished => ({
      model: model.bytes,
      description,
      process,
      solver: solverOf(job, description, rebuild),
      seed: job.seed,
      masses: wished.map(wish => wish.masses),
      labels: wished.map(wish => wish.label),
      guidance: job.guidance,
    }),
  }
  return description.data.material ? materialPlan(asking) : imagePlan(asking)
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
  const hashes = { [job.model]: await sha256(files.model(job.model).bytes) }
  return jobRecord({ job: told, sha256: hashes, fingerprint })
}

/** Draws the samples of a job. @throws UsageError for what the model cannot be told, Cancelled when the signal asks for an end */
export function generate(job: GenerateJob, context: Context): Promise<Samples> {
  return drawPlan(generatePlan(job, context), { kind: 'generate', ...job }, context)
}
