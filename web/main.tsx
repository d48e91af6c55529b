/** The page: a part of the studio for each thing that one does here. */
import { render } from 'preact'
import { isolated, keepAll } from './isolation.ts'
import { Generate } from './panels/generate.tsx'
import { lazily } from './parts/lazily.tsx'
import { embedded, type Place, place, places } from './place.ts'
import { begin, threads } from './studio.ts'
import { cancel } from './work.ts'

const parts: Readonly<Record<Exclude<Place, 'generate'>, ReturnType<typeof lazily<object>>>> = {
  walk: lazily(async () => (await import('./panels/forward.tsx')).Forward),
  data: lazily(async () => (await import('./data/data.tsx')).Data),
  repair: lazily(async () => (await import('./panels/repair.tsx')).Repair),
  train: lazily(async () => (await import('./panels/train.tsx')).Train),
  lessons: lazily(async () => (await import('./lessons/lessons.tsx')).Lessons),
}

function Studio() {
  const { place: at } = place.value
  const Part = at === 'generate' ? Generate : parts[at]
  if (embedded)
    return (
      <main class="alone">
        <Part />
      </main>
    )
  return (
    <>
      <header>
        <h1>
          <a href="#generate">saltus</a>
        </h1>
        <nav aria-label="Parts of the studio">
          {Object.entries(places).map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === at ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <p class="aside">
          {threads.value === 1 ? 'one thread' : `${threads.value} threads`}; nothing leaves this page
        </p>
      </header>
      <main>
        <Part />
      </main>
    </>
  )
}

addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') cancel()
})

const root = document.getElementById('studio')
if (root) {
  root.replaceChildren()
  render(<Studio />, root)
  // Where the page is loaded anew to be isolated, nothing is fetched before.
  if (await isolated()) {
    await begin()
    void keepAll()
  }
}
