/** The job `complete`: holes of any shape filled with exactly what is asked for, and nothing else touched. */
import { cannot, demand, InvariantError, refused } from '../../base/errors.ts'
import { largestMass } from '../../formats/array.ts'
import { holeOf, type Surroundings } from '../../model/conditions.ts'
import { decodeModelFile } from '../../model/file.ts'
import { process as processOf } from '../../process/index.ts'
import { cycled, type SolverDescription, solver } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { solverOf } from '../draw/solver.ts'
import { temperatureOf } from '../generate/fields.ts'
import { drawPlan } from '../generate/generate.ts'
import type { Plan, Samples } from '../generate/samples.ts'
import type { CompleteJob } from './fields.ts'
import { imageHoles } from './images.ts'
import { labelHoles } from './labels.ts'
import { stateHoles } from './states.ts'

/** What the job asks for, checked. @throws UsageError or RangeError for what cannot be completed */
export async function completePlan(
  job: CompleteJob,
  { files, say, rebuild = processOf }: Pick<Context, 'files' | 'say' | 'rebuild'>,
): Promise<Plan> {
  const { input, mask, known: named } = job
  if (input === undefined) throw refused('run saltus inpaint', 'input', 'given', undefined)
  if (mask === undefined && named === undefined)
    throw refused('run saltus inpaint', 'mask', 'given, or --known', undefined)
  const { name, file: of, bytes } = files.model(job.model)
  const file = decodeModelFile(bytes, of, { rebuild })
  const { process: law, data, task } = file.description
  if (rebuild(law).motion === 0 && !task.states)
    throw new RangeError(
      cannot('inpaint', 'the model', 'one whose units walk on a lattice, or of states', law.kind),
    )
  const known = { name, job, input, mask, file, reading: { files, say } }
  const holesOf = data.material ? labelHoles : task.states ? stateHoles : imageHoles
  const holes = await holesOf(known)
  const { model, process, surroundings, masses, label } = holes
  const { description } = model
  demandRoom(masses)
  const usual = solverOf(job, description, rebuild)
  return {
    noun: 'images',
    told: { solver: usual.kind, calls: usual.calls },
    warnings: holes.warnings,
    names: holes.names,
    drawing: {
      model: model.bytes,
      description,
      process,
      surroundings,
      known: holes.known,
      solver: cyclesOf(job, usual),
      seed: job.seed,
      masses,
      labels: label === undefined ? undefined : masses.map(() => label),
      guidance: job.guidance,
      temperature: temperatureOf(job, description),
    },
    finish(drawn, record) {
      demandKnown(drawn.counts, (surroundings ?? holes.known) as Surroundings)
      return holes.finish(drawn, record)
    },
  }
}

/** The solver, with the cycles that the job asks for. */
function cyclesOf({ cycles, between }: CompleteJob, usual: SolverDescription): SolverDescription {
  if (cycles === 0) return usual
  return cycled(solver(usual), { cycles, between }).description
}

/** Completes the images of a job. @throws UsageError or RangeError for what cannot be completed, Cancelled */
export async function complete(job: CompleteJob, context: Context): Promise<Samples> {
  return drawPlan(await completePlan(job, context), { kind: 'complete', ...job }, context)
}

/** What is known and what the hole receives must be counted together: said before anything is drawn. */
function demandRoom(masses: readonly (readonly number[])[]): void {
  masses.forEach((of, i) => {
    const mass = of.reduce((sum, units) => sum + units, 0)
    const thing = `the mass of completion ${i}, known and in the hole together,`
    demand(mass <= largestMass, 'inpaint', thing, `at most ${largestMass}`, mass)
  })
}

/** @throws InvariantError where a known count is not as it was */
function demandKnown(counts: Int32Array, told: Surroundings): void {
  const { known, each = Infinity, size = told.open.length } = told
  for (let i = 0; i * size < counts.length; i++) {
    const from = Math.floor(i / each) * size
    const open = holeOf(told, from)
    for (let x = 0; x < size; x++) {
      const [n, before] = [counts[i * size + x], known[from + x]]
      if (!open[x] && n !== before)
        throw new InvariantError(cannot('inpaint', `site ${x} of image ${i}`, String(before), n))
    }
  }
}
