/** Samples of exactly what is asked for: the form, the samples, the walk of one of them, and what is taken away. */

import { totalOf } from '../parts/canvas.tsx'
import { Film } from '../parts/film.tsx'
import { chosen, films } from '../studio.ts'
import { Form } from './form.tsx'
import { Grid } from './grid.tsx'
import { Take } from './take.tsx'

export function Generate() {
  return (
    <div class="sides">
      <Form />
      <div class="results">
        <Grid />
        <Walk />
        <Take />
      </div>
    </div>
  )
}

/** The walk of the chosen sample, back from the noise. */
function Walk() {
  const film = films.value[chosen.value] ?? []
  if (film.length === 0) return null
  const number = chosen.value + 1
  return (
    <section class="panel" aria-labelledby="walk">
      <h2 id="walk">The walk of sample {number}</h2>
      <Film
        key={number}
        states={film}
        name={`Sample ${number}`}
        slider="Step of the walk"
        when={(state, at) => (
          <>
            time {state.time.toPrecision(3)}
            {at > 0 && totalOf(state) === totalOf(film[0]) && ': units have moved, none was lost'}
          </>
        )}
      />
    </section>
  )
}
