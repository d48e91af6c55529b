/** The walk of one sample, step by step, with what it holds beside it. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { chosen, films } from '../studio.ts'
import { Canvas, massOf, totalOf } from './canvas.tsx'

/** The step that is shown; undefined: the last that there is. */
const step = signal<number | undefined>(undefined)
const playing = signal(false)

/** Milliseconds from step to step. */
const pace = 120

export function Walk() {
  const film = films.value[chosen.value] ?? []
  const last = film.length - 1
  const at = Math.min(step.value ?? last, last)
  const play = playing.value
  useEffect(() => {
    if (!play) return
    const timer = setInterval(() => {
      const { length } = films.value[chosen.value] ?? []
      const next = (step.value ?? -1) + 1
      if (next < length) step.value = next
      if (next >= length - 1) playing.value = false
    }, pace)
    return () => clearInterval(timer)
  }, [play])
  if (film.length === 0) return null
  const state = film[at]
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
    <section class="panel" aria-labelledby="walk">
      <h2 id="walk">The walk of sample {chosen.value + 1}</h2>
      <div class="walk">
        <Canvas state={state} label={`Sample ${chosen.value + 1} at step ${at} of ${last}`} />
        <div>
          <p class="total">
            <strong data-total={totalOf(state)}>{massOf(state)}</strong> units
          </p>
          <p class="hint">
            step {at} of {last}, time {state.time.toPrecision(3)}
            {at > 0 && totalOf(state) === totalOf(film[0]) && ': units have moved, none was lost'}
          </p>
          <input
            type="range"
            aria-label="Step of the walk"
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
    </section>
  )
}
