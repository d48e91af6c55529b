/** Figures of samples that are drawn. */
import { useSignal } from '@preact/signals'
import { Tiles } from '../panels/grid.tsx'
import { Film } from '../parts/film.tsx'
import type { Asked, State } from '../protocol.ts'
import { chooseModel, description, type Films, filmed, asked as form } from '../studio.ts'
import { cancel, running } from '../work.ts'

/** Draws digits with their states on the way; what stands in the form stays as it is. */
async function digits(asked: Asked, show: (films: Films) => void = () => {}): Promise<Films> {
  return (await filmed('generate', { asked, keep: false }, show))?.films ?? []
}

function Draw({ draw }: { draw(): Promise<void> }) {
  const ready = description.value !== undefined && form.value.model === 'mnist'
  return (
    <div class="row actions">
      {form.value.model === 'mnist' ? (
        <button
          type="button"
          class="first"
          disabled={!ready || running.value !== undefined}
          onClick={() => void draw()}
        >
          Draw
        </button>
      ) : (
        <button type="button" onClick={() => chooseModel('mnist')}>
          Open the model of digits
        </button>
      )}
      <button type="button" onClick={cancel} disabled={running.value !== 'generate'}>
        Cancel
      </button>
    </div>
  )
}

export function WayBackFigure() {
  const film = useSignal<readonly State[]>([])
  const seed = useSignal(0)
  const draw = async () => {
    const [drawn = []] = await digits({ count: 1, calls: 32, mass: 26000, seed: seed.value++ }, ([now]) => {
      film.value = now
    })
    if (drawn.length > 0) film.value = drawn
  }
  return (
    <>
      {film.value.length > 0 && (
        <Film
          states={film.value}
          name="A digit"
          slider="Step of the way back"
          when={state => `time ${state.time.toPrecision(3)}`}
        />
      )}
      <Draw draw={draw} />
    </>
  )
}

const masses = [5000, 10_000, 20_000, 30_000, 45_000, 60_000]

export function KnobFigure() {
  const states = useSignal<readonly State[]>([])
  const seed = useSignal(0)
  const draw = async () => {
    const mine = seed.value++
    states.value = []
    for (const [image, mass] of masses.entries()) {
      const [film] = await digits({ count: 1, calls: 16, mass, class: 3, seed: mine })
      if (!film) return
      states.value = [...states.value, { ...film[film.length - 1], image }]
    }
  }
  return (
    <>
      <Tiles states={states.value} />
      <Draw draw={draw} />
    </>
  )
}

const calls = [1, 2, 4, 8, 16, 32]

export function CallsFigure() {
  const rows = useSignal<readonly (readonly State[])[]>([])
  const draw = async () => {
    rows.value = []
    for (const of of calls) {
      const films = await digits({ count: 4, calls: of, mass: 26000, seed: 7 })
      if (films.length === 0) return
      rows.value = [...rows.value, films.map(film => film[film.length - 1])]
    }
  }
  return (
    <>
      {rows.value.map((states, k) => (
        <section key={calls[k]} class="calls">
          <h3>
            {calls[k]} {calls[k] === 1 ? 'call' : 'calls'}
          </h3>
          <Tiles states={states} />
        </section>
      ))}
      <Draw draw={draw} />
    </>
  )
}
