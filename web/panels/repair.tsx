/** A hole in an image, filled with exactly what is asked for: several completions, and nothing else touched. */
import { batch, signal } from '@preact/signals'
import { writeNpy } from '../../src/formats/npy.ts'
import { completeSchema } from '../../src/jobs/complete/fields.ts'
import { commandOf } from '../../src/jobs/words.ts'
import { Copies } from '../parts/copies.tsx'
import { Field } from '../parts/field.tsx'
import { Film } from '../parts/film.tsx'
import { Pad, type Place } from '../parts/pad.tsx'
import { Status } from '../parts/status.tsx'
import type { Asked, Drawn, Picture, State } from '../protocol.ts'
import { chosen, description, drawn, type Films, filmed, asked as form, save, take } from '../studio.ts'
import { ask, cancel, news, running, stopping } from '../work.ts'
import { Tiles } from './grid.tsx'

const known = signal<{ readonly picture: Picture; readonly state: State } | undefined>(undefined)
const mask = signal(new Uint8Array(0))
const asked = signal<Asked>({ count: 4, seed: 0 })
const completed = signal<Drawn | undefined>(undefined)
const films = signal<Films>([])
const picked = signal(0)
/** Radius of the brush, in sites. */
const brush = signal(2)

async function begin(told: { readonly sample: number } | { readonly file: File }): Promise<void> {
  const found = await ask('known', told)
  if (!found) return
  batch(() => {
    known.value = found
    mask.value = new Uint8Array(found.picture.shape[1] * found.picture.shape[2])
    completed.value = undefined
    films.value = []
  })
  middle()
}

/** A hole of sites of which something is true. */
function hole(inside: (x: number, y: number) => boolean): void {
  const [, , width] = known.value!.picture.shape
  mask.value = mask.value.map((_, i) => Number(inside(i % width, Math.floor(i / width))))
}

function middle(): void {
  const [, height, width] = known.value!.picture.shape
  hole((x, y) => Math.abs(x + 0.5 - width / 2) <= width / 5 && Math.abs(y + 0.5 - height / 2) <= height / 5)
}

function paint({ x, y }: Place): void {
  const [, , width] = known.value!.picture.shape
  const [radius, at] = [brush.value, mask.value]
  mask.value = at.map((open, i) => {
    const [dx, dy] = [(i % width) - x, Math.floor(i / width) - y]
    return open || Number(dx * dx + dy * dy <= radius * radius)
  })
}

function put(name: string, value: string): void {
  const { [name]: _, ...others } = asked.value
  asked.value = value === '' ? others : { ...others, [name]: value }
}

async function repair(): Promise<void> {
  if (!known.value) return
  batch(() => {
    completed.value = undefined
    films.value = []
    picked.value = 0
  })
  const told = { asked: asked.value, known: known.value.picture, mask: mask.value }
  const found = await filmed('complete', told, now => {
    films.value = now
  })
  if (!found) return
  batch(() => {
    completed.value = found.done
    films.value = found.films
    news.value = `Done: ${found.done.said}`
  })
}

/** The image with its hole in the accent colour. */
function pixels(): Uint8ClampedArray<ArrayBuffer> {
  const shown = Uint8ClampedArray.from(known.value!.state.pixels)
  mask.value.forEach((open, i) => {
    if (open) shown.set([16, 132, 124, 255], 4 * i)
  })
  return shown
}

export function Repair() {
  return (
    <div class="sides">
      <Asking />
      <Completions />
    </div>
  )
}

function Asking() {
  const about = description.value
  const material = about?.data.material !== undefined
  const { shape = [1, 1, 1] } = known.value?.picture ?? {}
  const sites = mask.value.reduce((sum, open) => sum + open, 0)
  const busy = running.value !== undefined || stopping.value
  const amount = material ? 'porosity' : 'mass'
  const submit = (event: Event) => {
    event.preventDefault()
    void repair()
  }
  return (
    <form class="panel" onSubmit={submit} aria-labelledby="repair" noValidate>
      <h2 id="repair">Repair</h2>
      <p class="hint">
        Take an image of {String(form.value.model)}, paint a hole, and say how much is to be in it.
      </p>
      <div class="row">
        <button type="button" disabled={!drawn.value} onClick={() => void begin({ sample: chosen.value })}>
          Use the sample
        </button>
        <label class="file">
          or an image
          <input
            type="file"
            onChange={event => {
              const [file] = event.currentTarget.files ?? []
              if (file) void begin({ file })
            }}
          />
        </label>
      </div>
      {known.value ? (
        <>
          <Pad label="Hole" width={shape[2]} height={shape[1]} pixels={pixels()} draw={paint} />
          <div class="row actions">
            <button type="button" onClick={middle}>
              Middle
            </button>
            <button type="button" onClick={() => hole((_, y) => 2 * y >= shape[1])}>
              Lower half
            </button>
            <button type="button" onClick={() => hole(() => false)}>
              No hole
            </button>
          </div>
          <label>
            Brush
            <input
              type="range"
              min={0}
              max={8}
              step={1}
              value={brush.value}
              onInput={event => {
                brush.value = Number(event.currentTarget.value)
              }}
            />
          </label>
          <p class="hint">A hole of {sites.toLocaleString('en')} sites.</p>
          <div class="row">
            <Field
              label={material ? 'Porosity of the whole' : 'Units in the hole'}
              placeholder="as expected"
              mode="decimal"
              value={asked.value[amount] as string}
              put={value => put(amount, value)}
            />
            <Field
              label="Completions"
              value={asked.value.count as string}
              put={value => put('count', value)}
            />
          </div>
          <div class="row">
            <Field
              label="Network calls"
              placeholder="usual"
              value={asked.value.calls as string}
              put={value => put('calls', value)}
            />
            <Field label="Seed" value={asked.value.seed as string} put={value => put('seed', value)} />
          </div>
          <div class="row actions">
            <button type="submit" class="first" disabled={busy || !about || sites === 0}>
              Repair
            </button>
            <button type="button" onClick={cancel} disabled={running.value !== 'complete'}>
              Cancel
            </button>
          </div>
        </>
      ) : (
        <p class="hint">Draw samples first (under Generate), or take an image from a file.</p>
      )}
      <Status />
    </form>
  )
}

function Completions() {
  const shown = films.value
  const film = shown[picked.value]
  return (
    <div class="results">
      <section class="panel" aria-labelledby="completions">
        <h2 id="completions">Completions</h2>
        {shown.length === 0 && <p class="hint">They appear here; what is around the hole stays as it is.</p>}
        <Tiles
          states={shown.map(states => states[states.length - 1])}
          chosen={picked.value}
          shares={completed.value?.fractions?.map(([first]) => first)}
          choose={i => {
            picked.value = i
          }}
        />
      </section>
      {film && (
        <section class="panel" aria-labelledby="mended">
          <h2 id="mended">How completion {picked.value + 1} came about</h2>
          <Film
            key={picked.value}
            states={film}
            name={`Completion ${picked.value + 1}`}
            slider="Step of the completion"
            when={state => `time ${state.time.toPrecision(3)}`}
          />
        </section>
      )}
      {completed.value && <TakeCompletions />}
    </div>
  )
}

function TakeCompletions() {
  const command = () => {
    const told = { ...completed.value?.record.job, input: 'known.npy', mask: 'mask.npy' }
    return `${commandOf('inpaint', completeSchema, told as object)} --device wasm --out completed.npz`
  }
  const inputs = () => {
    const { data, shape } = known.value!.picture
    const [channels, height, width] = shape
    // Of a material of two phases labels are its units, or where there is none.
    const whole = channels === 1 ? [1, height, width] : [1, ...shape]
    save({ name: 'known.npy', bytes: writeNpy({ data, shape: whole }) })
    save({ name: 'mask.npy', bytes: writeNpy({ data: mask.value, shape: [height, width] }) })
  }
  return (
    <section class="panel" aria-labelledby="take-completions">
      <h2 id="take-completions">Take away</h2>
      <div class="row actions">
        {['npz', 'npy', 'png'].map(ending => (
          <button
            key={ending}
            type="button"
            aria-label={`Download completions as ${ending}`}
            onClick={() => void take(`completed.${ending}`, 'completed')}
          >
            .{ending}
          </button>
        ))}
        {!description.value?.data.material && (
          <button type="button" onClick={inputs}>
            Image and mask
          </button>
        )}
      </div>
      <Copies texts={{ 'Copy as command': command }} />
    </section>
  )
}
