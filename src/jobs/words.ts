/** A job in words: as the flags of the command that repeats it, and as the pairs of a link. */
import type { JobOf, Schema } from './schema.ts'

/** `voxelSize` to `--voxel-size`. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** The flag of a field: of a switch that is on as a rule the one that turns it off. */
export const flagOfField = (schema: Schema, name: string): string =>
  schema[name]?.fallback === true ? flagOf(name).replace('--', '--no-') : flagOf(name)

/** A value as the text that is read as it: 7, `16,24`, and ranges as `5:9`, several with commas. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  // The shares of one sample are a list in a list.
  if (Array.isArray(value[0]) && Array.isArray(value[0][0])) return textOf(value.flat())
  return value.map(part => (Array.isArray(part) ? [...new Set(part)].join(':') : String(part))).join(',')
}

/** What a job says otherwise than it usually is, by the names of its fields. */
export function wordsOf<S extends Schema>(schema: S, job: Partial<JobOf<S>>): [name: string, text: string][] {
  const told = job as Readonly<Record<string, unknown>>
  return Object.keys(schema)
    .filter(name => told[name] !== undefined && told[name] !== schema[name].fallback)
    .map(name => [name, textOf(told[name])])
}

/** A word as a shell takes it for one. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** The words behind `saltus` that repeat a job: `sample --mass 26000`. */
export function argumentsOf<S extends Schema>(command: string, schema: S, job: Partial<JobOf<S>>): string[] {
  const flags = wordsOf(schema, job).flatMap(([name, text]) => {
    const flag = flagOfField(schema, name)
    return typeof schema[name].fallback === 'boolean' ? [flag] : [flag, text]
  })
  return [command, ...flags]
}

/** The call of `saltus` that repeats a job: `saltus sample --mass 26000`. */
export const commandOf = <S extends Schema>(command: string, schema: S, job: Partial<JobOf<S>>): string =>
  ['saltus', ...argumentsOf(command, schema, job).map(quoted)].join(' ')

/** What is passed to `generate` of an opened model, as TypeScript writes it. */
function literalOf(text: string): string {
  return /^(?:\d+(?:\.\d+)?|true|false)$/.test(text) ? text : `'${text.replaceAll("'", "\\'")}'`
}

/** A program in TypeScript that draws the samples of a job and writes them to a file, byte for byte as the command does. */
export function typescriptOf<S extends Schema>(
  schema: S,
  job: Partial<JobOf<S>>,
  { model, out }: { readonly model: string; readonly out: string },
): string {
  const options = wordsOf(schema, job)
    .filter(([name]) => name !== 'model')
    .map(([name, text]) => `${name}: ${literalOf(text)}`)
  return [
    "import { writeFile } from 'node:fs/promises'",
    "import { open } from 'saltus/node'",
    '',
    `const model = await open(${literalOf(model)})`,
    `const samples = await model.generate({ ${[...options, "device: 'wasm'"].join(', ')} })`,
    `for (const { name, bytes } of await samples.files('${out}')) await writeFile(name, bytes)`,
    '',
  ].join('\n')
}

/** A program in Python that runs a command of saltus and reads the arrays that it writes. */
export function pythonOf(words: readonly string[], out: string): string {
  const list = ['npx', 'saltus', ...words, '--out', out].map(word => JSON.stringify(word)).join(', ')
  return [
    'import subprocess',
    'import numpy as np',
    '',
    `subprocess.run([${list}], check=True)`,
    `samples = np.load("${out}")["samples"]`,
    '',
  ].join('\n')
}
