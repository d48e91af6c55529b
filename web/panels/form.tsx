/** What is asked for: the model, how much of it, and how it is drawn. */
import type { TargetedEvent } from 'preact'
import type { ModelDescription } from '../../src/model/description.ts'
import { Field } from '../parts/field.tsx'
import { Status } from '../parts/status.tsx'
import {
  asked,
  chooseDevice,
  chooseModel,
  description,
  device,
  generate,
  modelPlaces,
  openFile,
  put,
} from '../studio.ts'
import { cancel, running, stopping } from '../work.ts'

export function Form() {
  const about = description.value
  const submit = (event: Event) => {
    event.preventDefault()
    void generate()
  }
  const busy = running.value !== undefined || stopping.value
  return (
    <form class="panel" onSubmit={submit} aria-labelledby="ask" noValidate>
      <h2 id="ask">Generate</h2>
      <ModelField />
      <p class="hint">{about ? wordsOf(about) : 'Opening the model …'}</p>
      {about && about.data.classes.length > 0 && <ClassField names={about.data.classes} />}
      {about && <Amount about={about} />}
      <div class="row">
        <Whole name="count" label="Samples" usual="16" />
        <Whole name="calls" label="Network calls" usual="usual" hint="as it suits the model" />
        <Whole name="seed" label="Seed" usual="0" />
      </div>
      <DeviceField />
      <div class="row actions">
        <button type="submit" class="first" disabled={busy || !about}>
          Generate
        </button>
        <button type="button" onClick={cancel} disabled={running.value !== 'generate'}>
          Cancel
        </button>
      </div>
      <Status />
    </form>
  )
}

function wordsOf({ task, data, parameters }: ModelDescription): string {
  const [, height, width] = task.shape
  const [least, most] = data.range
  const what = data.material
    ? `samples of ${data.material.phases.join(' and ')}, ${height}×${width} voxels`
    : `images of ${height}×${width}, of ${least} to ${most} units`
  return `${what}; ${parameters.toLocaleString('en')} parameters`
}

function ModelField() {
  const choose = (event: TargetedEvent<HTMLSelectElement>) => chooseModel(event.currentTarget.value)
  const take = (event: TargetedEvent<HTMLInputElement>) => {
    const [file] = event.currentTarget.files ?? []
    if (file) void openFile(file)
  }
  return (
    <div class="row">
      <label>
        Model
        <select value={String(asked.value.model)} onChange={choose} disabled={running.value !== undefined}>
          {modelPlaces.value.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="file">
        or a file
        <input type="file" accept=".onnx" onChange={take} disabled={running.value !== undefined} />
      </label>
    </div>
  )
}

function ClassField({ names }: { readonly names: readonly string[] }) {
  const choose = (event: TargetedEvent<HTMLSelectElement>) => put('class', event.currentTarget.value)
  return (
    <label>
      Class
      <select value={String(asked.value.class ?? '')} onChange={choose}>
        <option value="">as in the training data</option>
        {names.map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The mass, or of a material the porosity: by slider and by number. */
function Amount({ about: { data, task } }: { readonly about: ModelDescription }) {
  const [, height, width] = task.shape
  const sites = height * width
  const material = data.material !== undefined
  const name = material ? 'porosity' : 'mass'
  const label = material ? 'Porosity' : 'Mass'
  const most = material ? 1 : Math.ceil(data.range[1] * 1.25)
  const value = asked.value[name] as string | number | undefined
  const change = (event: TargetedEvent<HTMLInputElement>) => put(name, event.currentTarget.value)
  const usual = material ? 0.2 : Math.round((data.range[0] + data.range[1]) / 2)
  const pores = Math.round(Number(value) * sites)
  return (
    <fieldset>
      <legend>{label}</legend>
      <div class="amount">
        <input
          type="range"
          aria-label={`${label}, by slider`}
          min={0}
          max={most}
          step={material ? 1 / sites : 1}
          value={Number(value ?? usual)}
          onInput={change}
        />
        <input
          type="text"
          inputMode="decimal"
          aria-label={`${label}, by number`}
          placeholder="any"
          value={value ?? ''}
          onInput={change}
        />
      </div>
      <p class="hint">
        {value === undefined
          ? 'as in the training data'
          : material && Number.isFinite(pores)
            ? `${pores.toLocaleString('en')} of ${sites.toLocaleString('en')} voxels are pores, exactly`
            : 'units in each image, exactly'}
      </p>
    </fieldset>
  )
}

const Whole = ({
  name,
  label,
  usual,
  hint,
}: Record<'name' | 'label' | 'usual', string> & { hint?: string }) => (
  <Field
    label={label}
    placeholder={usual}
    hint={hint}
    value={asked.value[name] as string | number | undefined}
    put={value => put(name, value)}
  />
)

/** The graphics processor instead of WebAssembly: for those who would rather be quick than repeat every byte. */
function DeviceField() {
  const quick = device.value === 'webgpu'
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={quick}
        disabled={running.value !== undefined}
        onChange={event => chooseDevice(event.currentTarget.checked ? 'webgpu' : 'wasm')}
      />
      <span>
        Graphics processor (WebGPU): <b>{quick ? 'same law, other bytes' : 'off, exact repeat'}</b>
      </span>
    </label>
  )
}
