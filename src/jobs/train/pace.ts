/** How long a run goes on: so many steps, or so many minutes. */

export interface Pace {
  /** The last step as far as can be told after this one; the learning rate falls towards it. */
  last(step: number): number
  /** Ends the run with the step that is done. */
  end(): void
}

/** Steps after which their speed is known well enough. */
const known = 5

/**
 * With minutes the last step is told anew after every step, by the speed so far: on a machine with other work the rate of learning
 * falls to nothing just when the time is over.
 * @param spent seconds of the run so far, rising, with those before it was gone on with
 */
export function pace(
  { steps, minutes, from = 0 }: { readonly steps: number; readonly minutes?: number; readonly from?: number },
  spent: () => number,
): Pace {
  let [over, began] = [false, spent()]
  let first = from
  return {
    last(step) {
      if (over) return step
      if (minutes === undefined) return steps
      const now = spent()
      if (now >= 60 * minutes) return step
      // The first step is slower than those that follow.
      if (step <= from + 1) {
        ;[first, began] = [step, now]
        return steps
      }
      if (step < first + known) return steps
      const each = (now - began) / (step - first)
      return Math.min(steps, step + Math.max(1, Math.round((60 * minutes - now) / each)))
    },
    end() {
      over = true
    },
  }
}
