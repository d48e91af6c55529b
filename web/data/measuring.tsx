/** What is measured of the scan. */
import { measureSchema } from '../../src/jobs/measure/fields.ts'
import { argumentsOf } from '../../src/jobs/words.ts'
import { quantities, standard } from '../../src/structure/quantity.ts'
import { Copies } from '../parts/copies.tsx'
import { Field } from '../parts/field.tsx'
import { description, asked as form } from '../studio.ts'
import { cancel, running, stopping } from '../work.ts'
import { asked, beside, besideWhat, coding, files, heldOut, measure, put, scan } from './scan.ts'

/** Names of quantities for people. */
const words: Readonly<Record<(typeof quantities)[number], string>> = {
  s2: 'two-point correlation',
  linealPath: 'lineal path',
  chords: 'chords',
  poreSizes: 'pore sizes',
  specificSurface: 'surface',
  interfaces: 'interfaces',
  euler: 'Euler number',
  clusters: 'clusters',
  lone: 'lone voxels',
  profiles: 'profiles',
  representative: 'sample size',
  percolates: 'percolation',
  tortuosity: 'tortuosity',
  exactPoreSizes: 'pore sizes, exact',
  porosimetry: 'porosimetry',
  periodicTortuosity: 'tortuosity, periodic',
  electrodeTortuosity: 'electrode tortuosity',
}

const chosen = (): readonly string[] => String(asked.value.only ?? standard).split(',')

function choose(name: string, on: boolean): void {
  const now = chosen().filter(other => other !== name)
  const next = quantities.filter(other => now.includes(other) || (on && other === name))
  put('only', String(next) === String(standard) ? undefined : String(next))
}

/** The command that measures the same. */
function command(): string {
  const { name } = scan.value!
  const told = { ...coding.value, ...asked.value }
  const volume = told.volume === true ? ['--volume'] : []
  const { volume: _, ...others } = told
  const path = files.value.length > 1 ? 'slices' : name
  const both = beside.value && besideWhat()
  const reference = both
    ? ['--reference', path, ...(heldOut.value ? ['--held-out-of', String(form.value.model)] : [])]
    : []
  const flags = argumentsOf('measure', measureSchema, others as object).slice(1)
  const input = both ? 'samples.npz' : path
  const all = ['saltus', 'measure', input, ...flags, ...(both ? [] : volume), ...reference, '--json']
  return all.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')
}

export function Measuring() {
  const busy = running.value !== undefined || stopping.value
  const held = description.value?.data.material?.heldOut
  const submit = (event: Event) => {
    event.preventDefault()
    void measure()
  }
  const now = chosen()
  return (
    <form class="panel" onSubmit={submit} aria-labelledby="measure" noValidate>
      <h2 id="measure">Measure</h2>
      <div class="row">
        <label>
          Phase
          <select
            value={String(asked.value.phase ?? '0')}
            onChange={event =>
              put('phase', event.currentTarget.value === '0' ? undefined : event.currentTarget.value)
            }
          >
            {scan.value!.phases.map(({ label }) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        </label>
        <Field
          label="Side of a voxel"
          placeholder={scan.value!.voxel ?? '5.7um'}
          mode="text"
          value={asked.value.voxelSize as string | undefined}
          put={value => put('voxelSize', value)}
        />
      </div>
      {scan.value!.shape[0] > 1 && scan.value!.shape.length === 3 && (
        <label class="switch">
          <input
            type="checkbox"
            checked={asked.value.volume === true}
            onChange={event => put('volume', event.currentTarget.checked ? true : undefined)}
          />
          <span>The slices are one volume</span>
        </label>
      )}
      <details>
        <summary>{now.length} quantities</summary>
        <ul class="choices">
          {quantities.map(name => (
            <li key={name}>
              <label class="switch">
                <input
                  type="checkbox"
                  checked={now.includes(name)}
                  onChange={event => choose(name, event.currentTarget.checked)}
                />
                <span>{words[name]}</span>
              </label>
            </li>
          ))}
        </ul>
      </details>
      <label class="switch">
        <input
          type="checkbox"
          checked={beside.value && besideWhat()}
          disabled={!besideWhat()}
          onChange={event => {
            beside.value = event.currentTarget.checked
          }}
        />
        <span>
          {besideWhat()
            ? `Samples of ${form.value.model} beside it, with the band of its own images`
            : 'Draw samples of a material first to put them beside it'}
        </span>
      </label>
      {beside.value && besideWhat() && held && (
        <label class="switch">
          <input
            type="checkbox"
            checked={heldOut.value}
            onChange={event => {
              heldOut.value = event.currentTarget.checked
            }}
          />
          <span>
            Of the scan only what training held out: slices {held[0]} to {held[1] - 1}
          </span>
        </label>
      )}
      <div class="row actions">
        <button type="submit" class="first" disabled={busy}>
          Measure
        </button>
        <button type="button" onClick={cancel} disabled={running.value !== 'measure'}>
          Cancel
        </button>
      </div>
      <Copies texts={{ 'Copy as command': command }} />
    </form>
  )
}
