/** The samples, on their way and when they are done: under each what it holds. */
import { chosen, drawn, films } from '../studio.ts'
import { Canvas, massOf, totalOf } from './canvas.tsx'

export function Grid() {
  const { fractions } = drawn.value ?? {}
  const last = films.value.map(film => film[film.length - 1])
  return (
    <section class="panel" aria-labelledby="samples">
      <h2 id="samples">Samples</h2>
      {last.length === 0 && <p class="hint">They appear here while they are drawn.</p>}
      <ul class="grid">
        {last.map((state, i) => (
          <li key={state.image}>
            <button
              type="button"
              aria-pressed={chosen.value === i}
              onClick={() => {
                chosen.value = i
              }}
            >
              <Canvas state={state} label={`Sample ${i + 1}`} />
              <span class="mass" data-mass={totalOf(state)}>
                {massOf(state)}
              </span>
              {fractions && <span class="share">{fractions[i][0].toFixed(4)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
