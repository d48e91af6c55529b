/** One's own scan: dropped or picked, looked at, measured, and put beside samples. */
import { useSignal } from '@preact/signals'
import { Field } from '../parts/field.tsx'
import { lazily } from '../parts/lazily.tsx'
import { Status } from '../parts/status.tsx'
import { take } from '../studio.ts'
import { Histogram } from './histogram.tsx'
import { Measuring } from './measuring.tsx'
import { choose, chooseRaw, coding, measured, raw, scan } from './scan.ts'
import { Slices } from './slices.tsx'

const Results = lazily(async () => (await import('./results.tsx')).Results)
const Turning = lazily(async () => (await import('./turning.tsx')).Turning)

export function Data() {
  const found = scan.value
  return (
    <div class="sides">
      <div class="results">
        <section class="panel" aria-labelledby="scan">
          <h2 id="scan">Own data</h2>
          <Drop />
          {raw.value && <RawForm file={raw.value} />}
          {found && <About />}
          <Status />
        </section>
        {found && found.phases.length > 0 && <Measuring />}
      </div>
      <div class="results">
        {found ? (
          <>
            <section class="panel" aria-labelledby="slices">
              <h2 id="slices">Slices</h2>
              <Slices key={`${found.name} ${found.shape}`} />
            </section>
            {found.volume && (
              <section class="panel" aria-labelledby="turning">
                <h2 id="turning">The volume</h2>
                <Turning />
              </section>
            )}
          </>
        ) : (
          <section class="panel" aria-labelledby="nothing">
            <h2 id="nothing">Nothing open yet</h2>
            <p class="hint">
              TIFF, PNG, npy, npz, vti, mhd, nrrd, NIfTI, HDF5 or raw; several files are the slices of one
              stack. They stay on this machine.
            </p>
          </section>
        )}
        {measured.value && <Results measured={measured.value} />}
      </div>
    </div>
  )
}

function Drop() {
  const over = useSignal(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    over.value = false
    void choose([...(event.dataTransfer?.files ?? [])])
  }
  return (
    <label
      class={over.value ? 'drop over' : 'drop'}
      onDragOver={event => {
        event.preventDefault()
        over.value = true
      }}
      onDragLeave={() => {
        over.value = false
      }}
      onDrop={onDrop}
    >
      <span>
        <b>Drop a scan here</b>, or choose files
      </span>
      <input type="file" multiple onChange={event => void choose([...(event.currentTarget.files ?? [])])} />
    </label>
  )
}

/** Kinds of numbers, with the bytes of each. */
const types = { uint8: 1, uint16: 2, uint16be: 2, int16: 2, uint32: 4, int32: 4, float32: 4, float64: 8 }

/** The side of a cube of so many voxels, where there is one. */
function cube(size: number): string {
  const side = Math.round(Math.cbrt(size))
  return side ** 3 === size ? `${side},${side},${side}` : ''
}

function RawForm({ file }: { readonly file: File }) {
  const dtype = useSignal<keyof typeof types>('uint8')
  const shape = useSignal(cube(file.size))
  const open = (event: Event) => {
    event.preventDefault()
    void chooseRaw(shape.value, dtype.value)
  }
  return (
    <form class="inner" onSubmit={open} aria-label="Size of the raw file">
      <p class="hint">
        {file.name} has no header: {file.size.toLocaleString('en')} bytes,{' '}
        {(file.size / types[dtype.value]).toLocaleString('en')} numbers.
      </p>
      <div class="row">
        <Field
          label="Slices, rows, columns"
          placeholder="400,400,400"
          mode="text"
          value={shape.value}
          put={value => {
            shape.value = value
          }}
        />
        <label>
          Numbers
          <select
            value={dtype.value}
            onChange={event => {
              dtype.value = event.currentTarget.value as 'uint8'
              if (shape.value === '') shape.value = cube(file.size / types[dtype.value])
            }}
          >
            {Object.keys(types).map(name => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <button type="submit">Open it</button>
    </form>
  )
}

/** What the scan holds. */
function About() {
  const { name, shape, voxel, phases, why } = scan.value!
  const [pore] = phases
  const whole = shape[0] === 1 ? shape.slice(1) : shape
  return (
    <>
      <dl class="facts">
        <dt>File</dt>
        <dd>{name}</dd>
        <dt>Size</dt>
        <dd data-size={whole.join('×')}>{whole.join(' × ')} voxels</dd>
        {voxel && (
          <>
            <dt>Voxel</dt>
            <dd>{voxel}</dd>
          </>
        )}
        {pore && (
          <>
            <dt>{pore.label === 0 ? 'Porosity' : 'Share of the first phase'}</dt>
            <dd>
              <strong class="big" data-porosity={pore.share}>
                {pore.share.toFixed(4)}
              </strong>
            </dd>
          </>
        )}
      </dl>
      {why && coding.value.threshold === undefined && (
        <p class="hint">These are grey values: set a threshold between the pore and the rest.</p>
      )}
      <Histogram />
      {phases.length > 0 && (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col">Voxels</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {phases.map(({ label, value, voxels, share }) => (
              <tr key={label} data-voxels={voxels}>
                <td>
                  {label}
                  {value !== undefined && ` (${value} in the file)`}
                </td>
                <td>{voxels.toLocaleString('en')}</td>
                <td>{share.toFixed(4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {phases.length > 0 && (
        <div class="row actions">
          {['vti', 'tif', 'npy', ...(scan.value!.volume ? ['stl'] : [])].map(ending => (
            <button
              key={ending}
              type="button"
              aria-label={`Download labels as ${ending}`}
              onClick={() => void take(`labels.${ending}`, 'scan')}
            >
              .{ending}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
