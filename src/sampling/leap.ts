// The default sampler: a fixed number of rate calls, and between two of them many small moves at extrapolated rates.
import { demand } from '../base/errors.ts'
import { exp, expm1, log } from '../base/numeric.ts'
import type { JumpProcess } from '../process/process.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { grid } from './grid.ts'
import type { Image, Solver } from './solver.ts'

export interface LeapOptions {
  /** Rate calls per image, >= 1. */
  readonly calls?: number
  /** tau = rate * t of the last call; from there one step goes to 0. */
  readonly smallest?: number
  /** The calls are even in tau^bend; 0: in log tau. */
  readonly bend?: number
  /** With a schedule the calls are even in its coordinate instead. */
  readonly schedule?: Schedule
  /** Moves between two calls; after each, units meet the rates of the site they have come to. */
  readonly substeps?: number
  /** eta in [0, 1]: how much of the forward walk is undone on the way. 1 is the reverse walk, 0 the net flow alone. */
  readonly churn?: number
  /** How much of the change of the log ratios since the last call is carried on: 1 for second order, 0 for frozen. */
  readonly momentum?: number
}

/** Ratios stay between e^-12 and e^12, as do those of networks: e^12 hops per unit of tau are as good as any. */
const LEAST = exp(-12)
const MOST = exp(12)

/** d log ratio / d log tau of a unit whose origin is known lies in (-1, 1): log ratio = asinh(distance / 2 tau). */
const STEEPEST = 1

/** Below this tau most units are a hop from home: they move by single hops, so that none overshoots. */
const NEAR = 0.3

/** The last step ends with a move from this part of its tau to 0. */
const REST = 0.02

/** What an image carries from call to call, each [C, J, ...sites]. */
interface Memory {
  /** 1 where the jump can happen, 0 across a wall. */
  readonly open: Float32Array
  /** Log ratios of the last call, and its time. */
  readonly logs: Float32Array
  time: number
  /** Ratios in the middle of the present substep, and what they are multiplied with for the next. */
  readonly ratios: Float32Array
  readonly growth: Float32Array
  readonly moves: Float32Array
}

/**
 * Ours. Three things make a step over many hops of units that move accurate:
 *
 * - Units look up the ratios of the site they have come to, `substeps` times per call, for the network has told the
 *   ratios of all sites.
 * - Between calls log ratios go on as they changed from the last call to this one, a straight line in log tau: the
 *   two-step Adams-Bashforth rule. At small tau, where log ratio = log distance - log tau, the line is exact.
 * - A hop and its undoing by the forward walk may both be left out, by detailed balance p(n) r n_x = p(n') λ(n'->n):
 *   `max(0, ratio - 1) + eta min(1, ratio)` has the same law at every time for any eta. Small eta needs fewer moves.
 *
 * Units that do not move meet no other rates on their way, and those of a site change with every unit that comes or goes:
 * to them a step is one leap at the rates that were told (Blackout, Poisson leaping).
 */
export function leap(options: LeapOptions = {}): Solver {
  const { calls = 32, smallest = 0.05, bend = 0.3, substeps = 6, churn = 0.2, momentum = 1 } = options
  const { schedule } = options
  const what = 'build the leap solver'
  const times = grid({ calls, smallest, bend, schedule })
  demand(Number.isSafeInteger(substeps) && substeps >= 1, what, 'substeps', 'an integer >= 1', substeps)
  demand(churn >= 0 && churn <= 1, what, 'churn', 'in [0, 1]', churn)
  demand(momentum >= 0 && momentum <= 2, what, 'momentum', 'in [0, 2]', momentum)
  return {
    description: {
      kind: 'leap',
      calls,
      smallest,
      bend,
      substeps,
      churn,
      momentum,
      ...(schedule && { schedule: schedule.description }),
    },
    calls,
    start: () => 1,
    advance(process, image, ratios) {
      const to = times.time(process, image.step + 1)
      if (process.motion === 0) {
        process.leap(image.counts, ratios, { from: image.time, to, random: image.random })
        return to
      }
      image.memory ??= remember(process, ratios.length)
      const memory = image.memory as Memory
      const edges = divide(image.time, to, substeps)
      extrapolate(memory, ratios, { time: image.time, momentum, width: log(edges[1] / edges[0]) })
      for (let i = 0; i + 1 < edges.length; i++) {
        move(process, image, memory, { from: edges[i], to: edges[i + 1], churn })
      }
      return to
    },
  }
}

function remember(process: JumpProcess, length: number): Memory {
  const open = new Float32Array(length)
  process.capacity(new Int32Array(process.channels * process.sites).fill(1), open)
  const blank = () => new Float32Array(length)
  return { open, logs: blank(), time: 0, ratios: blank(), growth: blank(), moves: blank() }
}

/** Edges of the substeps, even in log tau; a step to 0 goes down to REST of it and then takes the rest at once. */
function divide(from: number, to: number, substeps: number): number[] {
  const parts = to > 0 ? substeps : Math.max(3, substeps)
  const depth = log(to > 0 ? to / from : REST)
  const edges = Array.from({ length: parts + 1 }, (_, i) => from * exp((depth * i) / parts))
  edges[0] = from
  if (to > 0) edges[parts] = to
  else edges.push(0)
  return edges
}

/** Writes the ratios in the middle of the first substep, and their growth from one substep to the next. */
function extrapolate(
  memory: Memory,
  ratios: Float32Array,
  { time, momentum, width }: { time: number; momentum: number; width: number },
): void {
  const { open, logs, growth } = memory
  const gain = memory.time > 0 ? momentum / log(time / memory.time) : 0
  for (let k = 0; k < ratios.length; k++) {
    if (open[k] === 0) continue
    const ratio = Math.max(LEAST, Math.min(MOST, ratios[k]))
    const here = log(ratio)
    const slope = Math.max(-STEEPEST, Math.min(STEEPEST, gain * (here - logs[k])))
    const half = exp((slope * width) / 2)
    logs[k] = here
    memory.ratios[k] = half * ratio
    growth[k] = half * half
  }
  memory.time = time
}

/** One substep at the ratios `memory.ratios`, which then grow. */
function move(
  process: JumpProcess,
  image: Image,
  memory: Memory,
  { from, to, churn }: { from: number; to: number; churn: number },
): void {
  const { counts, random } = image
  const { ratios, growth, moves } = memory
  const near = process.rate * from < NEAR
  // A leap meets at a wall the mirror image of its site, to which the reverse walk goes with ratio 1 and this one with
  // ratio eta: hence ratios in units of eta, and a step eta times as long.
  const unit = near ? 1 : Math.max(churn, 1e-6)
  const gain = 1 / unit
  const loss = churn / unit
  for (let k = 0; k < ratios.length; k++) {
    const ratio = ratios[k]
    moves[k] = ratio > 1 ? gain * (ratio - 1) + loss : loss * ratio
    ratios[k] = ratio * growth[k]
  }
  if (near) {
    saturate(process, moves, process.rate * (from - to))
    process.hop(counts, moves, { from, to, random })
  } else process.leap(counts, moves, { from, to: from - unit * (from - to), random })
}

/** Lowers rates so that a hop of probability `weight * sum` becomes one of 1 - exp(-weight * sum): the time to the first. */
function saturate(process: JumpProcess, moves: Float32Array, weight: number): void {
  const { channels, jumps, sites } = process
  for (let c = 0; c < channels; c++)
    for (let x = 0; x < sites; x++) {
      const start = c * jumps * sites + x
      let sum = 0
      for (let j = 0; j < jumps; j++) sum += moves[start + j * sites]
      if (sum === 0) continue
      const scale = -expm1(-weight * sum) / (weight * sum)
      for (let j = 0; j < jumps; j++) moves[start + j * sites] *= scale
    }
}
