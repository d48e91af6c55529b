// Sites that forget what they were and are drawn anew: the process that docs/extending.md works out.
import {
  below,
  type JumpProcess,
  multinomial,
  type ProcessDescription,
  type Random,
  standing,
  statesLink,
} from 'saltus'

const { exp, expm1 } = Math

export interface ForgetDescription extends ProcessDescription {
  readonly kind: 'forget'
  readonly lengths: readonly number[]
  readonly states: number
  readonly rate: number
}

/** Each site is in one of S states and at the rate 1 becomes any of them, whichever it was. */
export function forget({ lengths, states, rate }: Omit<ForgetDescription, 'kind'>): JumpProcess {
  const ground = standing('forget', { lengths, channels: 1, jumps: states, rate, width: states })
  const { sites } = ground.same
  /** P_tau(a, b): forgotten by then and drawn as b, or still what it was. */
  const p = (tau: number, a: number, b: number) => -expm1(-tau) / states + (a === b ? exp(-tau) : 0)
  /** Σ_a D(a) P_s(a, b) / P_t(a, c), where D is the origin's law of a site. */
  const seen = (D: ArrayLike<number>, { x, s, t, b, c }: Record<'x' | 's' | 't' | 'b' | 'c', number>) => {
    let [sum, all] = [0, 0]
    for (let a = 0; a < states; a++) {
      all += D[a * sites + x]
      sum += (D[a * sites + x] * p(s, a, b)) / p(t, a, c)
    }
    return all > 0 && all < Infinity ? sum / all : p(s, c, b) / p(t, c, c)
  }
  const drawn = (weights: readonly number[], random: Random) => {
    const out = new Int32Array(states)
    multinomial(random, 1, weights, out)
    return out.indexOf(1)
  }
  return {
    ...ground.same,
    description: { kind: 'forget', lengths: [...lengths], states, rate } as ProcessDescription,
    link: statesLink({ states, sites }),
    corrupt(clean, time, { random, noisy }) {
      ground.corruption(clean, time, { random, noisy })
      for (let x = 0; x < sites; x++)
        noisy[x] = random.uniform() < exp(-rate * time) ? clean[x] : below(random, states)
    },
    limit(masses, { random, out }) {
      ground.limit(masses, out)
      for (let x = 0; x < sites; x++) out[x] = below(random, states)
    },
    rates(counts, origin, options) {
      ground.told(counts, origin, options)
      const t = rate * options.time
      for (let j = 0; j < states; j++)
        for (let x = 0; x < sites; x++)
          options.out[j * sites + x] =
            j === counts[x] ? 0 : seen(origin, { x, s: t, t, b: j, c: counts[x] }) / states
    },
    fastest: (_, rates) => 1 + states * rates.reduce((most, one) => Math.max(most, one), 0),
    hop(counts, rates, { span, random }) {
      ground.hop(counts, rates)
      for (let x = 0; x < sites; x++) {
        const own = Array.from({ length: states }, (_, j) => rates[j * sites + x])
        if (random.uniform() < span * own.reduce((a, b) => a + b)) counts[x] = drawn(own, random)
      }
    },
    undo(counts, origin, step) {
      ground.step(counts, origin, step)
      const [t, s] = [rate * step.from, rate * step.to]
      for (let x = 0; x < sites; x++) {
        const c = counts[x]
        if (!(c < states))
          throw new RangeError(`Cannot undo: every state must be in 0 … ${states - 1}, got ${c}`)
        const law = Array.from({ length: states }, (_, b) => seen(origin, { x, s, t, b, c }) * p(t - s, b, c))
        counts[x] = drawn(law, step.random)
      }
    },
  }
}
