/**
 * The job `distill`: a student of a model, for few calls.
 *
 * A model tells the mean of the origin, and steps towards a mean lose what lies between the images that it is the mean of: the
 * more, the longer they are. The student begins with the model's weights and learns to draw origins instead (`energyObjective`), by
 * noise that it is shown beside; a step towards a drawn origin is right in law at any length. It learns from data, as the
 * model did, and not from the model's samples, whose faults it would learn too.
 */
import { refused } from '../../base/errors.ts'
import type { ModelDescription } from '../../model/description.ts'
import { type Rebuild, process as rebuilt } from '../../process/index.ts'
import { type SolverDescription, solver } from '../../sampling/index.ts'
import { decimal, text, whole } from '../fields.ts'
import { type JobOf, usually } from '../schema.ts'
import { trainSchema } from '../train/fields.ts'
import type { RunOptions } from '../train/options.ts'

const { minutes, batch, accumulate, learningRate, warmup, average, seed, draws } = trainSchema

export const distillSchema = {
  model: text({
    help: 'needed: the model whose student it is, by its name or its file',
    argument: '<model>',
  }),
  calls: usually(whole({ help: 'calls that the student is for', least: 1, most: 64 }), 4),
  last: decimal({
    help: 'tau of the last call; of the others the first is at the end of time, and all nearly even in log tau (default: 1)',
    argument: '<tau>',
    above: 0,
  }),
  spread: decimal({
    help: 'factor of the noise when samples are drawn, which the model file keeps: below 1 draws are surer and less various (default: 1)',
    argument: '<s>',
    above: 0,
    most: 1,
  }),
  data: text({
    help: 'what the model has learned from (default: what lies there by the name that its file says)',
    argument: '<path>',
  }),
  draws: usually(
    { ...draws, help: 'draws of each noisy state, two of which are held against each other' },
    2,
  ),
  steps: usually(whole({ help: 'training steps', least: 1 }), 2000),
  minutes,
  batch: usually({ ...batch, help: 'states per step' }, 32),
  accumulate,
  learningRate: usually(learningRate, 1e-3),
  warmup: usually(warmup, 50),
  average: usually(average, 0.998),
  seed,
} as const

export type DistillJob = JobOf<typeof distillSchema>

/** Options of its training that lie in other files than `data`: these are not known from the model. */
const beside = ['fromData', 'graph', 'with'] as const

/** Options of a run that are about how it went on and not about what it learns. */
const own: ReadonlySet<string> = new Set([
  ...['step', 'images', 'seconds', 'from', 'minutes', 'until', 'population', 'student', 'weight'],
])

/**
 * The options of the training run of a student, `from` being the path or name by which its model is found. @throws UsageError for a
 * model that has no student
 */
export function studentOptions(
  job: DistillJob,
  description: ModelDescription,
  { from, rebuild = rebuilt }: { readonly from: string; readonly rebuild?: Rebuild },
): RunOptions {
  const { model: _, calls, last: tau, spread, data = description.data.name, ...asked } = job
  const { task, training, network } = description
  const refuse = (wanted: string, got: unknown): never => {
    throw refused('distill', 'model', wanted, got)
  }
  if (task.noise !== undefined) refuse('one that tells the mean of the origin', 'one that draws already')
  const other = beside.find(name => training[name] !== undefined)
  if (other)
    refuse(`one trained on --data alone: saltus train --from, --draws and --${other}`, training[other])
  if (task.parts || task.pairs) refuse('one of images, materials, series or counts on a graph', task.shape)
  const process = rebuild(description.process)
  const sampling = samplingOf(description.sampling, { calls, last: tau })
  const last = solver(sampling).time?.(process, calls - 1) ?? 1
  const kept = Object.fromEntries(Object.entries(training).filter(([name]) => !own.has(name)))
  const { multipliers, blocks, base, embedding } = network
  const attention = network.attention.flatMap((attended, level) => (attended ? [level] : []))
  return {
    ...(kept as unknown as RunOptions),
    ...asked,
    ...{ base, multipliers, blocks, attention, embedding },
    data,
    from,
    weight: 'even',
    schedule: timesFor(calls, { first: task.times[0], last }),
    student: { times: task.times, sampling, ...(spread !== undefined && { spread }) },
  }
}

/** tau of the last call and the bend of those before it, where times are even in the logarithm. */
const [SMALLEST, BEND] = [1, 1.2]

/** The solver of a student: each origin is drawn, so none goes on from those before. */
function samplingOf(
  { kind, smallest, schedule, ...sampling }: SolverDescription,
  { calls, last }: Pick<DistillJob, 'calls' | 'last'>,
) {
  if (kind === 'cfl') throw refused('distill', 'model', 'one that is sampled by calls at times', kind)
  const { damping: _, ...others } = sampling as { damping?: number }
  if (schedule && last !== undefined)
    throw refused('distill', 'last', 'left out with this model, whose calls have times of their own', last)
  const times = schedule ? { schedule } : { smallest: last ?? SMALLEST, bend: BEND }
  return solver({ ...others, kind: 'ancestral', calls, ...times }).description
}

/**
 * The table of times at which a student learns: from half the time of the last call on, where it is asked, and of K calls one in K in the upper half of
 * time, where the first lies and least is known.
 */
export function timesFor(
  calls: number,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  const least = Math.min(last / 2, 0.25)
  const points = [
    ...(first < least / 2 ? [[0, first]] : []),
    [first < least / 2 ? 0.02 : 0, least],
    [Math.max(0.1, 1 - 1 / calls), 0.5],
    [1, 1],
  ]
  return points
    .map(([u, t]) => `${Number(u.toPrecision(4))}:${t === first ? t : Number(t.toPrecision(4))}`)
    .join()
}
