/** A tiny model trained on one's own drawings, with its loss and samples as it goes. */
import { batch, signal } from '@preact/signals'
import { pixelsOf } from '../paint.ts'
import { Field } from '../parts/field.tsx'
import { lazily } from '../parts/lazily.tsx'
import { Pad, type Place } from '../parts/pad.tsx'
import { Status } from '../parts/status.tsx'
import type { Asked, Learned, Picture, Seen, State } from '../protocol.ts'
import { addModel, save } from '../studio.ts'
import { cancel, news, run, running, stopping } from '../work.ts'
import { Tiles } from './grid.tsx'

const Chart = lazily(async () => (await import('../parts/chart.tsx')).Chart)

const side = 16

/** Units of a stroke, and the most on a site. */
const [stroke, most] = [6, 12]

const blank = () => new Int32Array(side * side)

const drawing = signal(blank())
const set = signal<readonly Int32Array[]>([])
const file = signal<File | undefined>(undefined)
const asked = signal<Asked>({ steps: 300 })
const losses = signal<readonly (readonly [number, number])[]>([])
const samples = signal<readonly State[]>([])
const learned = signal<Learned | undefined>(undefined)

function draw({ x, y }: Place): void {
  const next = Int32Array.from(drawing.value)
  for (const [dx, dy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ])
    if (x + dx < side && y + dy < side) {
      const at = (y + dy) * side + x + dx
      next[at] = Math.min(most, next[at] + stroke)
    }
  drawing.value = next
}

function add(): void {
  batch(() => {
    set.value = [...set.value, drawing.value]
    drawing.value = blank()
    file.value = undefined
  })
}

/** Rings of several sizes and places, for those who would rather not draw. */
function rings(): void {
  const one = (i: number) => {
    const [x0, y0, r] = [6.5 + (i % 3), 6.5 + (Math.floor(i / 3) % 3), 3.5 + 0.6 * (i % 4)]
    return blank().map((_, at) => {
      const away = Math.hypot((at % side) - x0, Math.floor(at / side) - y0)
      return Math.max(0, Math.round(most * (1 - Math.abs(away - r))))
    })
  }
  set.value = Array.from({ length: 24 }, (_, i) => one(i))
}

function told(): File | Picture {
  if (file.value) return file.value
  const data = new Int32Array(set.value.length * side * side)
  set.value.forEach((one, i) => {
    data.set(one, i * side * side)
  })
  return { data, shape: [set.value.length, side, side] }
}

function see(seen: Seen): void {
  if ('loss' in seen) losses.value = [...losses.value, seen.loss]
  else if ('samples' in seen) samples.value = seen.samples
}

async function train(): Promise<void> {
  batch(() => {
    losses.value = []
    samples.value = []
    learned.value = undefined
  })
  const done = await run('train', { asked: asked.value, from: told() }, see)
  if (!done) return
  batch(() => {
    learned.value = done
    news.value = `Done: a model of ${done.description.parameters.toLocaleString('en')} parameters`
  })
}

export function Train() {
  return (
    <div class="sides">
      <Asking />
      <Course />
    </div>
  )
}

function Asking() {
  const busy = running.value !== undefined || stopping.value
  const count = file.value ? undefined : set.value.length
  const submit = (event: Event) => {
    event.preventDefault()
    void train()
  }
  return (
    <form class="panel" onSubmit={submit} aria-labelledby="train" noValidate>
      <h2 id="train">Train here</h2>
      <p class="hint">
        A few drawings are enough for a model that has seen nothing else. It learns on this machine.
      </p>
      <Pad
        label="Drawing"
        width={side}
        height={side}
        pixels={pixelsOf(drawing.value, { shape: [1, side, side], white: most })}
        draw={draw}
      />
      <div class="row actions">
        <button type="button" onClick={add} disabled={!drawing.value.some(n => n > 0)}>
          Add to the set
        </button>
        <button
          type="button"
          onClick={() => {
            drawing.value = blank()
          }}
        >
          Clear
        </button>
        <button type="button" onClick={rings}>
          24 rings
        </button>
      </div>
      <label class="file">
        or a set of images up to 32×32 (png, npy, npz)
        <input
          type="file"
          onChange={event => {
            file.value = event.currentTarget.files?.[0]
          }}
        />
      </label>
      <p class="hint">{file.value ? `${file.value.name} is learned` : `${count} drawings in the set`}</p>
      <div class="row">
        <Field
          label="Steps"
          value={asked.value.steps as string}
          put={steps => {
            asked.value = { ...asked.value, steps }
          }}
        />
        <Field
          label="Seed"
          value={asked.value.seed as string}
          placeholder="0"
          put={seed => {
            const { seed: _, ...others } = asked.value
            asked.value = seed === '' ? others : { ...others, seed }
          }}
        />
      </div>
      <div class="row actions">
        <button type="submit" class="first" disabled={busy || count === 0}>
          Train
        </button>
        <button type="button" onClick={cancel} disabled={running.value !== 'train'}>
          Cancel
        </button>
      </div>
      <Status />
    </form>
  )
}

/** The loss, and samples of the model as it stands. */
function Course() {
  const points = losses.value
  const model = learned.value
  const every = Math.ceil(points.length / 300)
  return (
    <div class="results">
      <section class="panel" aria-labelledby="loss">
        <h2 id="loss">How it learns</h2>
        {points.length < 2 ? (
          <p class="hint">The loss and samples appear here.</p>
        ) : (
          <Chart
            table={false}
            chart={{
              title: 'Loss',
              x: { label: 'step' },
              y: { label: 'loss', log: true },
              series: [{ name: 'loss', points: points.filter((_, i) => i % every === 0) }],
            }}
          />
        )}
        <Tiles states={samples.value} />
      </section>
      {model && (
        <section class="panel" aria-labelledby="take-model">
          <h2 id="take-model">Take away</h2>
          <div class="row actions">
            <button type="button" onClick={() => save({ name: 'own.onnx', bytes: model.model })}>
              Download own.onnx
            </button>
            <button
              type="button"
              onClick={() => {
                addModel('own', model.model)
                location.hash = 'generate'
              }}
            >
              Draw with it
            </button>
          </div>
        </section>
      )}
    </div>
  )
}
