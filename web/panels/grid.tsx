/** Samples, on their way and when they are done: under each what it holds. */
import { Canvas, massOf, totalOf } from '../parts/canvas.tsx'
import { still } from '../parts/still.ts'
import type { State } from '../protocol.ts'
import { chosen, drawn, films } from '../studio.ts'

export function Grid() {
  const { fractions } = drawn.value ?? {}
  // For those who want things to stand still the samples appear when they are done.
  const shown = still() && !drawn.value ? films.value.map(film => film.slice(0, 1)) : films.value
  return (
    <section class="panel" aria-labelledby="samples">
      <h2 id="samples">Samples</h2>
      {shown.length === 0 && <p class="hint">They appear here while they are drawn.</p>}
      <Tiles
        states={shown.map(film => film[film.length - 1])}
        chosen={chosen.value}
        shares={fractions?.map(([first]) => first)}
        choose={i => {
          chosen.value = i
        }}
      />
    </section>
  )
}

interface TilesProps {
  readonly states: readonly State[]
  readonly chosen?: number
  /** Of a material: the porosity of each. */
  readonly shares?: readonly number[]
  choose?(i: number): void
}

export function Tiles({ states, chosen, shares, choose }: TilesProps) {
  const tile = (state: State, i: number) => (
    <>
      <Canvas state={state} label={`Sample ${i + 1}`} />
      <span class="mass" data-mass={totalOf(state)}>
        {massOf(state)}
      </span>
      {shares && <span class="share">{shares[i]?.toFixed(4)}</span>}
    </>
  )
  return (
    <ul class="grid">
      {states.map((state, i) => (
        <li key={state.image}>
          {choose ? (
            <button type="button" aria-pressed={chosen === i} onClick={() => choose(i)}>
              {tile(state, i)}
            </button>
          ) : (
            <div class="tile">{tile(state, i)}</div>
          )}
        </li>
      ))}
    </ul>
  )
}
