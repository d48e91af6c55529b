/** A drawing of one's own that walks, and a slider through time: nothing is lost. */
import { effect, signal } from '@preact/signals'
import { pixelsOf } from '../paint.ts'
import { totalOf } from '../parts/canvas.tsx'
import { Film } from '../parts/film.tsx'
import { Pad, type Place } from '../parts/pad.tsx'
import { Status } from '../parts/status.tsx'
import type { Picture, State } from '../protocol.ts'
import { chosen, drawn } from '../studio.ts'
import { ask, news } from '../work.ts'

const side = 32

/** Units that one touch of the pen puts on a site, and on its neighbours. */
const touch = [24, 12, 6]

/** What is white. */
const bright = 60

function touched(picture: Picture, { x, y }: Place): Picture {
  const [, height, width] = picture.shape
  const data = Int32Array.from(picture.data)
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++)
      if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height)
        data[(y + dy) * width + x + dx] += touch[Math.abs(dx) + Math.abs(dy)]
  return { ...picture, data }
}

const empty = (): Picture => ({ data: new Int32Array(side * side), shape: [1, side, side] })

/** Something to begin with: a ring that is not closed. */
function example(): Picture {
  let picture = empty()
  for (let k = 0; k < 44; k++) {
    const angle = 0.6 + k / 8
    const place = { x: Math.round(15.5 + 9 * Math.cos(angle)), y: Math.round(15.5 + 9 * Math.sin(angle)) }
    picture = touched(picture, place)
  }
  return picture
}

const picture = signal(example())
const process = signal<'spatial' | 'blackout'>('spatial')
const states = signal<readonly State[]>([])

/** Times at which the walk is seen: close together at its beginning, where most happens. */
const times = Array.from({ length: 41 }, (_, k) => (k / 40) ** 3).join(',')

const totalIn = ({ data }: Picture) => data.reduce((sum, n) => sum + n, 0)

/** Lets the drawing walk anew, a moment after the last stroke. */
let waiting: ReturnType<typeof setTimeout> | undefined
effect(() => {
  const asked = { process: process.value, time: times }
  const told = { asked, picture: picture.value }
  clearTimeout(waiting)
  waiting = setTimeout(async () => {
    if (totalIn(told.picture) === 0) states.value = []
    else states.value = (await ask('diffuse', told))?.states ?? []
  }, 120)
})

async function takeSample(): Promise<void> {
  const known = await ask('known', { sample: chosen.value })
  if (!known) return
  picture.value = known.picture
  news.value = `Sample ${chosen.value + 1} is the drawing now`
}

export function Forward() {
  const now = picture.value
  const [channels, height, width] = now.shape
  const white = Math.max(bright, ...now.data)
  const total = totalIn(now)
  const dies = process.value === 'blackout'
  return (
    <div class="sides">
      <section class="panel" aria-labelledby="draw">
        <h2 id="draw">Draw</h2>
        <p class="hint">Every stroke lays down units. They will walk, each by itself and at random.</p>
        <Pad
          label="Drawing"
          width={width}
          height={height}
          pixels={pixelsOf(now.data, { shape: now.shape, white })}
          draw={place => {
            if (channels === 1) picture.value = touched(picture.value, place)
          }}
        />
        <p class="total small">
          <strong>{total.toLocaleString('en')}</strong> units drawn
        </p>
        <div class="row actions">
          <button
            type="button"
            onClick={() => {
              picture.value = empty()
            }}
          >
            Clear
          </button>
          <button
            type="button"
            onClick={() => {
              picture.value = example()
            }}
          >
            Example
          </button>
          <button type="button" disabled={!drawn.value} onClick={() => void takeSample()}>
            Use the sample
          </button>
        </div>
        <label>
          What happens to a unit
          <select
            value={process.value}
            onChange={event => {
              process.value = event.currentTarget.value as 'spatial'
            }}
          >
            <option value="spatial">It walks</option>
            <option value="blackout">It dies</option>
          </select>
        </label>
        <Status />
      </section>
      <section class="panel results" aria-labelledby="forward">
        <h2 id="forward">{dies ? 'What is left' : 'Nothing is lost'}</h2>
        {states.value.length > 0 ? (
          <Film
            states={states.value}
            name="Drawing"
            slider="Time"
            from={0}
            when={state => (
              <>
                {dies ? 'deaths of a unit' : 'hops per direction'}: {state.time.toPrecision(3)}.{' '}
                {totalOf(state) === total
                  ? 'Every unit is still there.'
                  : `${(total - totalOf(state)).toLocaleString('en')} of ${total.toLocaleString('en')} are gone.`}
              </>
            )}
          />
        ) : (
          <p class="hint">Draw something first.</p>
        )}
      </section>
    </div>
  )
}
