// Two processes as one: each part goes its own way through the same time, and one origin knows both.
import { demand } from '../base/errors.ts'
import { demandGiven, demandKind } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { demandDraw, demandLength, demandOptions, demandPlace, demandSpan } from './given.ts'
import { jointLink } from './link/joint.ts'
import type { JumpProcess, ProcessDescription } from './process.ts'
import { duration } from './steps.ts'

/** Enough to rebuild the process. */
export interface JointDescription extends ProcessDescription {
  readonly kind: 'joint'
  readonly parts: readonly [ProcessDescription, ProcessDescription]
  readonly bend?: number
}

export interface JointOptions {
  /**
   * The second part has a time of its own, t^bend, bend in [1, 16]; default 1. Above 1 it is forgotten later, and so is decided
   * earlier on the way back, before the first: labels before their images.
   */
  readonly bend?: number
}

/** What lies where in the arrays of the whole, part by part. */
interface Place {
  readonly process: JumpProcess
  /** Of its counts among those of the whole, and how many. */
  readonly from: number
  readonly size: number
  /** Of its origin. */
  readonly origin: number
  /** Of its masses. */
  readonly mass: number
  /** Its rates are told in units of its own. */
  readonly pace: number
  /** Its own time is t^bend. */
  readonly bend: number
  readonly rates: Float64Array
}

/**
 * One process of two, on grounds of their own: an image and its label (`complete({ nodes: 10 })` with one unit), an image and a mask.
 * The state is one row, [1, 1, n_a + n_b], the counts of `a` and then those of `b`; so are the origins, and the masses are those of
 * `a` and then of `b`. Forward the parts know nothing of each other, so all laws are products; back they meet in the origin alone,
 * E[n_0 | both states]. Time is the same for both, rates are told in units of that of `a`, jump j of a site is that of its part.
 * A part that does not know how to settle takes its last step by `undo`.
 */
export function joint(a: JumpProcess, b: JumpProcess, options: JointOptions = {}): JumpProcess {
  const what = 'join two processes'
  demandGiven(what, { a, b, options }, { a: 'process', b: 'process', options: { bend: 'number?' } })
  const { bend = 1 } = options
  demand(bend >= 1 && bend <= 16, what, 'the bend', 'in [1, 16]', bend)
  demand(a.rate > 0, what, 'the rate of the first', 'above 0', a.rate)
  const jumps = Math.max(a.jumps, b.jumps)
  const width = Math.max(a.link.width, b.link.width)
  const places: Place[] = []
  let [from, origin, mass] = [0, 0, 0]
  for (const [k, process] of [a, b].entries()) {
    const size = process.channels * process.sites
    const rates = new Float64Array(size * process.jumps)
    const pace = process.rate / a.rate
    places.push({ process, from, size, origin, mass, pace, bend: k === 0 ? 1 : bend, rates })
    from += size
    origin += size * process.link.width
    mass += process.conserved
  }
  const [total, conserved] = [from, mass]
  const own = <T extends Int32Array | undefined>(array: T, { from, size }: Place) =>
    array?.subarray(from, from + size) as T
  const originOf = (all: ArrayLike<number>, { origin, size, process }: Place) =>
    slice(all, origin, origin + size * process.link.width)

  function whole(verb: string, counts: Int32Array, told?: ArrayLike<number>): void {
    demandPlace(verb, 'counts', counts, total)
    if (told) demandLength(verb, 'the origin', told, total * width)
  }

  /** Number `at` of the rates of the whole for each of those of a part, [C, J, sites] to [J, all sites]. */
  function eachRate({ process, from, rates }: Place, visit: (own: number, at: number) => void): void {
    const { jumps: hops, sites } = process
    for (let i = 0; i < rates.length; i++) {
      const [c, j, x] = [Math.floor(i / (hops * sites)), Math.floor(i / sites) % hops, i % sites]
      visit(i, j * total + from + c * sites + x)
    }
  }

  let reached: Int32Array | undefined
  function lead(): Int32Array {
    if (reached) return reached
    reached = new Int32Array(jumps * total).fill(-1)
    for (const place of places) {
      const { jumps: hops, sites, channels, reached: own } = place.process
      const all = Array.from({ length: channels }, (_, c) => own?.(c))
      eachRate(place, (i, at) => {
        const c = Math.floor(i / (hops * sites))
        const y = all[c]?.[i % (hops * sites)] ?? -1
        if (y >= 0) reached![at] = place.from + c * sites + y
      })
    }
    return reached
  }

  let forward: { readonly time: number; readonly paces: Float64Array } | undefined
  function paces(_: number, time: number): Float64Array {
    if (forward?.time === time) return forward.paces
    const paces = new Float64Array(jumps * total)
    for (const place of places) {
      const { channels, pace } = place.process
      const own = Array.from({ length: channels }, (_, c) => pace?.(c, timeOf(place, time)))
      const length = place.rates.length / channels
      const fast = paceOf(place, time)
      eachRate(place, (i, at) => {
        paces[at] = fast * (own[Math.floor(i / length)]?.[i % length] ?? 1)
      })
    }
    forward = { time, paces }
    return paces
  }

  const settling = places.some(({ process }) => process.settle)
  const bounded = places.every(({ process }) => process.divergence)
  const description: JointDescription = {
    kind: 'joint',
    parts: [a.description, b.description],
    ...(bend !== 1 && { bend }),
  }
  return {
    description,
    channels: 1,
    sites: total,
    shape: [1, 1, total],
    rate: a.rate,
    conserved,
    jumps,
    link: jointLink([a, b], width, bend),
    motion: Math.max(a.motion, b.motion),
    ...(a.reached && b.reached && { reached: lead, pace: paces }),

    corrupt(clean, time, draw) {
      demandDraw('corrupt', draw)
      demandLength('corrupt', 'clean', clean, total)
      demandPlace('corrupt', 'noisy', draw.noisy, total)
      demand(clean !== draw.noisy, 'corrupt', 'noisy', 'another array than clean', 'the same')
      for (const place of places)
        place.process.corrupt(own(clean, place), timeOf(place, time), {
          random: draw.random,
          noisy: own(draw.noisy, place),
          end: own(draw.end, place),
        })
    },

    limit(masses, draw) {
      demandDraw('draw the limit', draw)
      demandLength('draw the limit', 'masses', masses, conserved)
      demandPlace('draw the limit', 'out', draw.out, total)
      for (const place of places)
        place.process.limit(slice(masses, place.mass, place.mass + place.process.conserved), {
          random: draw.random,
          out: own(draw.out, place),
        })
    },

    rates(counts, origin, options) {
      demandOptions('tell the rates', options)
      whole('tell the rates', counts, origin)
      const { out } = options
      demandLength('tell the rates', 'out', out, total * jumps)
      out.fill(0)
      for (const place of places) {
        const { process, rates } = place
        const time = timeOf(place, options.time)
        const pace = paceOf(place, options.time)
        process.rates(own(counts, place), originOf(origin, place), { ...options, time, out: rates })
        eachRate(place, (i, at) => {
          out[at] = pace * rates[i]
        })
      }
    },

    fastest(counts, rates, time) {
      whole('hop', counts)
      demandLength('hop', 'rates', rates, total * jumps)
      return Math.max(
        ...places.map(place => {
          const pace = paceOf(place, time)
          eachRate(place, (i, at) => {
            place.rates[i] = pace > 0 ? rates[at] / pace : 0
          })
          return pace * place.process.fastest(own(counts, place), place.rates, timeOf(place, time))
        }),
      )
    },

    hop(counts, rates, step) {
      demandSpan(step)
      whole('hop', counts)
      demandLength('hop', 'rates', rates, total * jumps)
      for (const place of places) {
        eachRate(place, (i, at) => {
          place.rates[i] = rates[at]
        })
        place.process.hop(own(counts, place), place.rates, step)
      }
    },

    undo(counts, origin, step) {
      duration('undo', step)
      whole('undo', counts, origin)
      for (const place of places) {
        const [from, to] = [timeOf(place, step.from), timeOf(place, step.to)]
        place.process.undo(own(counts, place), originOf(origin, place), { ...step, from, to })
      }
    },

    ...(settling && {
      settle(counts, origin, by) {
        whole('settle', counts, origin)
        for (const place of places) {
          const { process } = place
          const [part, told] = [own(counts, place), originOf(origin, place)]
          const time = by && timeOf(place, by.time)
          if (process.settle) process.settle(part, told, by && { ...by, time: time! })
          else {
            demandKind(by !== undefined, 'settle', 'the time of the counts', 'told with these parts', by)
            process.undo(part, told, { from: time!, to: 0, random: by!.random })
          }
        }
      },
    }),

    invariant(counts) {
      demandLength('tell the masses', 'counts', counts, total)
      return places.flatMap(place => place.process.invariant(own(counts, place)))
    },

    ...(bounded && {
      divergence: (clean: Int32Array) =>
        places.reduce((sum, place) => sum + (place.process.divergence?.(own(clean, place)) ?? 0), 0),
    }),
  }
}

/** The time of a part at the time t of the whole. */
const timeOf = ({ bend }: Place, t: number): number => (bend === 1 || t === 0 ? t : exp(bend * log(t)))

/** How fast a part goes at the time t of the whole, in units of the first: its rate times d(t^bend)/dt. */
const paceOf = (place: Place, t: number): number =>
  place.bend === 1 ? place.pace : (place.pace * place.bend * timeOf(place, t)) / t

function slice(all: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  return ArrayBuffer.isView(all)
    ? (all as Float64Array).subarray(from, to)
    : Array.prototype.slice.call(all, from, to)
}
