/** Six short lessons with a live figure each; each can stand in another page. */
import type { ComponentType } from 'preact'
import { Copies } from '../parts/copies.tsx'
import { Status } from '../parts/status.tsx'
import { embedded, place } from '../place.ts'
import { CallsFigure, KnobFigure, WayBackFigure } from './samples.tsx'
import { DeathFigure, ManyFigure, UnitFigure } from './walks.tsx'

interface Lesson {
  readonly title: string
  readonly words: readonly string[]
  readonly Figure: ComponentType
}

const lessons: readonly Lesson[] = [
  {
    title: 'A unit walks',
    words: [
      'A picture here is made of whole units, as a jar is of grains. A unit stays where it is for a while, then hops to one of the sites beside it. Where it hops is chance; it knows nothing of where it came from.',
      'Let several units walk. Each goes its own way, and none of them ever vanishes.',
    ],
    Figure: UnitFigure,
  },
  {
    title: 'Many units, one law',
    words: [
      'A single unit cannot be foretold. Of many that begin at one place the shares can: they follow the heat equation, and the more units there are, the closer.',
      'The line is the law, computed without chance. The dots are counted units.',
    ],
    Figure: ManyFigure,
  },
  {
    title: 'The way back',
    words: [
      'After a long walk the units are anywhere, and the picture is gone. A network that has seen many pictures tells for each state where the units may have come from, and so how they must hop back.',
      'Step through a digit that comes about. Count the units: they are the same from noise to picture.',
    ],
    Figure: WayBackFigure,
  },
  {
    title: 'Mass as a knob',
    words: [
      'As no unit is made or lost, the sum of a picture is settled before the first step. It can be asked for, to the unit: a digit of little ink, or of much.',
      'The same seed draws with more and more units.',
    ],
    Figure: KnobFigure,
  },
  {
    title: 'Death against walk',
    words: [
      'Another way to lose a picture is to let its units die, one by one, until all is dark. The way back must then make units out of nothing, and how many comes out only at the end.',
      'Units that walk keep the sum at all times. Move through time and compare.',
    ],
    Figure: DeathFigure,
  },
  {
    title: 'Few calls',
    words: [
      'Each step of the way back asks the network once. More steps follow the law more closely and take longer; the sum is exact with any number of them.',
      'The same four digits, with more and more calls.',
    ],
    Figure: CallsFigure,
  },
]

export function Lessons() {
  const wanted = Number(place.value.detail || 1) - 1
  const number = wanted >= 0 && wanted < lessons.length ? wanted : 0
  const { title, words, Figure } = lessons[number]
  const link = (n: number) => `#lessons/${n + 1}`
  const embed = () => {
    const address = new URL(`?embed${link(number)}`, location.href.replace(/[?#].*$/s, ''))
    return `<iframe src="${address}" width="720" height="640" title="${title}"></iframe>`
  }
  return (
    <div class="lesson">
      {!embedded && (
        <nav aria-label="Lessons">
          <ol>
            {lessons.map((lesson, n) => (
              <li key={lesson.title}>
                <a href={link(n)} aria-current={n === number ? 'true' : undefined}>
                  {lesson.title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <article class="panel" aria-labelledby="lesson">
        <p class="hint">Lesson {number + 1} of 6</p>
        <h2 id="lesson">{title}</h2>
        {words.map(text => (
          <p class="reading" key={text}>
            {text}
          </p>
        ))}
        <Figure key={title} />
        <Status />
        {!embedded && (
          <div class="row actions spread">
            {number > 0 && (
              <a class="onward" href={link(number - 1)}>
                ← {lessons[number - 1].title}
              </a>
            )}
            {number < 5 && (
              <a class="onward" href={link(number + 1)}>
                {lessons[number + 1].title} →
              </a>
            )}
          </div>
        )}
        {!embedded && <Copies texts={{ 'Copy to embed': embed }} />}
      </article>
    </div>
  )
}
