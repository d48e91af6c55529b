/** The page: what is asked for on one side, what comes of it on the other. */
import { render } from 'preact'
import { Form } from './panels/form.tsx'
import { Grid } from './panels/grid.tsx'
import { Take } from './panels/take.tsx'
import { Walk } from './panels/walk.tsx'
import { begin, cancel, threads } from './studio.ts'

function Studio() {
  return (
    <>
      <header>
        <h1>saltus</h1>
        <p>Samples of exactly the mass that you ask for, drawn on this machine.</p>
        <p class="aside">
          {threads.value === 1 ? 'one thread' : `${threads.value} threads`}; nothing leaves this page
        </p>
      </header>
      <main>
        <Form />
        <div class="results">
          <Grid />
          <Walk />
          <Take />
        </div>
      </main>
    </>
  )
}

addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') cancel()
})

const place = document.getElementById('studio')
if (place) {
  begin()
  place.replaceChildren()
  render(<Studio />, place)
}
