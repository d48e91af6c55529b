/** States one after the other, with what each holds beside it: played, paused, stepped through, rewound. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { State } from '../protocol.ts'
import { Canvas, massOf, totalOf } from './canvas.tsx'
import { still } from './still.ts'

interface FilmProps {
  readonly states: readonly State[]
  /** What is shown: `Sample 1`. */
  readonly name: string
  /** What the slider is called. */
  readonly slider: string
  /** Where it begins; default: at its end. */
  readonly from?: number
  /** Words on a state. */
  readonly when: (state: State, at: number) => ComponentChildren
}

/** Milliseconds from step to step. */
const pace = () => (still() ? 1000 : 120)

export function Film({ states, name, slider, from, when }: FilmProps) {
  /** The step that is shown; undefined: the last that there is. */
  const step = useSignal<number | undefined>(from)
  const playing = useSignal(false)
  const last = states.length - 1
  const at = Math.min(step.value ?? last, last)
  const play = playing.value
  useEffect(() => {
    if (!play) return
    const timer = setInterval(() => {
      const next = Math.min((step.value ?? -1) + 1, last)
      step.value = next
      if (next >= last) playing.value = false
    }, pace())
    return () => clearInterval(timer)
  }, [play, last])
  const state = states[at]
  const go = (to: number) => {
    playing.value = false
    step.value = Math.max(0, Math.min(last, to))
  }
  const toggle = () => {
    if (!play && at === last) step.value = 0
    else step.value = at
    playing.value = !play
  }
  return (
    <div class="walk">
      <Canvas state={state} label={`${name} at step ${at} of ${last}`} />
      <div>
        <p class="total">
          <strong data-total={totalOf(state)}>{massOf(state)}</strong> units
        </p>
        <p class="hint">
          step {at} of {last}, {when(state, at)}
        </p>
        <input
          type="range"
          aria-label={slider}
          min={0}
          max={Math.max(1, last)}
          step={1}
          value={at}
          onInput={event => go(Number(event.currentTarget.value))}
        />
        <div class="row actions">
          <button type="button" onClick={() => go(0)}>
            Rewind
          </button>
          <button type="button" onClick={() => go(at - 1)} disabled={at === 0}>
            Back
          </button>
          <button type="button" onClick={toggle}>
            {play ? 'Pause' : 'Play'}
          </button>
          <button type="button" onClick={() => go(at + 1)} disabled={at === last}>
            Step
          </button>
        </div>
      </div>
    </div>
  )
}
