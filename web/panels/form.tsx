/** What is asked for: the model, how much of it, and how it is drawn. */
import type { TargetedEvent } from 'preact'
import type { ModelDescription } from '../../src/model/description.ts'
import {
  asked,
  cancel,
  chooseModel,
  description,
  generate,
  left,
  news,
  openFile,
  places,
  progress,
  put,
  running,
  stopping,
  trouble,
} from '../studio.ts'

export function Form() {
  const about = description.value
  const submit = (event: Event) => {
    event.preventDefault()
    generate()
  }
  return (
    <form class="panel" onSubmit={submit} aria-labelledby="ask" noValidate>
      <h2 id="ask">Generate</h2>
      <ModelField />
      <p class="hint">{about ? wordsOf(about) : 'Opening the model …'}</p>
      {about && about.data.classes.length > 0 && <ClassField names={about.data.classes} />}
      {about && <Amount about={about} />}
      <div class="row">
        <Whole name="count" label="Samples" usual={16} />
        <Whole name="calls" label="Network calls" hint="as it suits the model" />
        <Whole name="seed" label="Seed" usual={0} />
      </div>
      <div class="row actions">
        <button type="submit" class="first" disabled={running.value || stopping.value || !about}>
          Generate
        </button>
        <button type="button" onClick={cancel} disabled={!running.value}>
          Cancel
        </button>
      </div>
      <Course />
      {trouble.value && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      <p class="news" role="status">
        {news.value}
      </p>
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
        <select value={String(asked.value.model)} onChange={choose} disabled={running.value}>
          {places.value.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="file">
        or a file
        <input type="file" accept=".onnx" onChange={take} disabled={running.value} />
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
  const value = asked.value[name]
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

function Whole({
  name,
  label,
  usual,
  hint,
}: {
  readonly name: string
  readonly label: string
  readonly usual?: number
  readonly hint?: string
}) {
  const change = (event: TargetedEvent<HTMLInputElement>) => put(name, event.currentTarget.value)
  return (
    <label>
      {label}
      <input
        type="text"
        inputMode="numeric"
        name={name}
        placeholder={hint ? 'usual' : String(usual)}
        title={hint}
        value={asked.value[name] ?? ''}
        onInput={change}
      />
    </label>
  )
}

/** How far the drawing is. */
function Course() {
  if (!running.value) return null
  const { done = 0, total = 1, words = '' } = progress.value ?? {}
  const seconds = left.value
  return (
    <div class="course">
      <progress aria-label="Network calls" value={done} max={total} />
      <span>
        {done} of {total} calls{words && ` · ${words}`}
        {seconds !== undefined && ` · ${Math.ceil(seconds)} s left`}
      </span>
    </div>
  )
}
