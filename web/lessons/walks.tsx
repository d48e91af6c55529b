/** Figures of units that walk or die. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { kernels, lattice, spread } from '../../src/lattice/index.ts'
import { Canvas, massOf, totalOf } from '../parts/canvas.tsx'
import { Film } from '../parts/film.tsx'
import { lazily } from '../parts/lazily.tsx'
import type { Asked, Picture, State } from '../protocol.ts'
import { ask } from '../work.ts'

const Chart = lazily(async () => (await import('../parts/chart.tsx')).Chart)

/** The walk of a picture, anew whenever what is asked changes. */
function useWalk(picture: Picture, asked: Asked): readonly State[] {
  const states = useSignal<readonly State[]>([])
  const key = JSON.stringify(asked)
  useEffect(() => {
    let wanted = true
    ask('diffuse', { asked, picture }).then(found => {
      if (found && wanted) states.value = found.states
    })
    return () => {
      wanted = false
    }
  }, [key, picture])
  return states.value
}

/** Units in the middle of a square. */
function middle(side: number, units: number): Picture {
  const data = new Int32Array(side * side)
  data[(side * side) >> 1] = units
  return { data, shape: [1, side, side] }
}

const few = middle(17, 5)

export function UnitFigure() {
  const seed = useSignal(1)
  const times = Array.from({ length: 61 }, (_, k) => 0.3 * k).join(',')
  const states = useWalk(few, { tau: times, seed: seed.value })
  return (
    <>
      {states.length > 0 && (
        <Film
          states={states}
          name="Five units"
          slider="Time"
          from={0}
          when={state => `after ${state.time.toFixed(1)} hops per direction, on average`}
        />
      )}
      <div class="row actions">
        <button
          type="button"
          onClick={() => {
            seed.value++
          }}
        >
          Others
        </button>
      </div>
    </>
  )
}

const length = 31

/** All units in one column. */
function column(units: number): Picture {
  const data = new Int32Array(length * length)
  for (let y = 0; y < length; y++) data[y * length + (length >> 1)] = units
  return { data, shape: [1, length, length] }
}

const columns = [column(3), column(30), column(3000)]

/** Mean hops per direction at which they are counted. */
const taus = [0.5, 2, 8]

export function ManyFigure() {
  const size = useSignal(1)
  const picture = columns[size.value]
  const states = useWalk(picture, { tau: taus.join(','), seed: 1 })
  const units = picture.data.reduce((sum, n) => sum + n, 0)
  const line = lattice([length], 'no-flux')
  const [kernel] = kernels(line)
  const series = taus.flatMap((tau, k) => {
    const state = states[k]
    if (!state) return []
    const law = spread(line, [kernel.at(tau)], length >> 1)
    const name = `${tau} hops`
    return [
      { name: `${name}: heat equation`, points: Array.from(law, (share, x) => [x, share] as const) },
      { name: `${name}: units`, dots: true, points: shares(state, units) },
    ]
  })
  return (
    <>
      <label>
        Units
        <select
          value={String(size.value)}
          onChange={event => {
            size.value = Number(event.currentTarget.value)
          }}
        >
          {columns.map(({ data }, k) => (
            <option key={data[length >> 1]} value={k}>
              {(data[length >> 1] * length).toLocaleString('en')}
            </option>
          ))}
        </select>
      </label>
      {series.length > 0 && (
        <Chart
          chart={{
            title: 'Share of the units in each column',
            x: { label: 'column' },
            y: { label: 'share' },
            series,
          }}
        />
      )}
    </>
  )
}

/** Shares of the units in each column. */
function shares({ counts }: State, units: number): (readonly [number, number])[] {
  return Array.from({ length }, (_, x) => {
    let sum = 0
    for (let y = 0; y < length; y++) sum += counts![y * length + x]
    return [x, sum / units] as const
  })
}

const disc = ((): Picture => {
  const side = 24
  const data = Int32Array.from({ length: side * side }, (_, i) => {
    const away = Math.hypot((i % side) - 11.5, Math.floor(i / side) - 11.5)
    return away < 8 ? (away > 4 ? 8 : 2) : 0
  })
  return { data, shape: [1, side, side] }
})()

const steps = 24

export function DeathFigure() {
  const at = useSignal(0)
  const times = Array.from({ length: steps + 1 }, (_, k) => (k / steps) ** 2).join(',')
  const walk = useWalk(disc, { time: times, process: 'spatial' })
  const death = useWalk(disc, { time: times, process: 'blackout' })
  if (walk.length === 0 || death.length === 0) return null
  return (
    <>
      <div class="pair">
        {(
          [
            ['They walk', walk],
            ['They die', death],
          ] as const
        ).map(([name, states]) => (
          <figure key={name}>
            <Canvas state={states[at.value]} label={`${name}: step ${at.value} of ${steps}`} />
            <figcaption class="total">
              {name}: <strong data-total={totalOf(states[at.value])}>{massOf(states[at.value])}</strong>
            </figcaption>
          </figure>
        ))}
      </div>
      <label>
        Time
        <input
          type="range"
          min={0}
          max={steps}
          step={1}
          value={at.value}
          onInput={event => {
            at.value = Number(event.currentTarget.value)
          }}
        />
      </label>
    </>
  )
}
