/** `checkpoint.npz`: the whole state of a run, and which run it is of. */
import { cannot } from '../../base/errors.ts'
import { version } from '../../base/version.ts'
import type { NdArray } from '../../formats/array.ts'
import { readNpz, writeNpz } from '../../formats/npz.ts'
import { readBytes, writeWhole } from '../../node/files.ts'
import { stateNames } from '../../training/optimizer.ts'
import type { TrainingState } from '../../training/trainer.ts'

/** Sums over the steps since the last line of the log: a run that is resumed goes on with them. */
export interface Pending {
  readonly loss: number
  readonly norm: number
  readonly count: number
}

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly state: TrainingState
  readonly pending: Pending
}

const vector = (data: Float32Array | Float64Array): NdArray => ({ data, shape: [data.length] })

/** Writes a checkpoint of the run of that identity. */
export function writeCheckpoint(
  path: string,
  { state, pending: { loss, norm, count } }: Checkpoint,
  run: string,
): void {
  const arrays = stateNames.map(name => [name, vector(state[name])] as const)
  const step: NdArray = { data: Float64Array.of(state.step), shape: [] }
  const pending = vector(Float64Array.of(loss, norm, count))
  const told = { ...Object.fromEntries(arrays), step, pending, run, version }
  writeWhole(path, writeNpz(told, { pack: false }))
}

/** Reads the checkpoint of a run with so many parameters. @throws SyntaxError where it is another's, or no good state */
export function readCheckpoint(
  path: string,
  { parameters, run }: { parameters: number; run: string },
): Checkpoint {
  const arrays = readNpz(readBytes(path), 'checkpoint.npz')
  const refuse = (thing: string, wanted: string, got: unknown) =>
    new SyntaxError(cannot(`resume from ${path}`, thing, wanted, got))
  if (arrays.run !== run)
    throw refuse('its run', `${run}, that of the options beside it and of the data`, arrays.run)
  const take = <T extends Float32Array | Float64Array>(name: string, of: new () => T, length: number): T => {
    const array = arrays[name]
    const data = typeof array === 'object' ? array.data : array
    if (!(data instanceof of && data.length === length))
      throw refuse(`the array ${name}`, `${of.name}(${length})`, data)
    const odd = data.findIndex(value => !Number.isFinite(value))
    if (odd >= 0) throw refuse(`the array ${name}`, 'of finite numbers (begin anew with --from)', data[odd])
    return data
  }
  const [step] = take('step', Float64Array, 1)
  if (!Number.isSafeInteger(step) || step < 0) throw refuse('the step', 'a whole number', step)
  const vectors = stateNames.map(name => [name, take(name, Float32Array, parameters)] as const)
  const state = {
    step,
    ...(Object.fromEntries(vectors) as Record<(typeof stateNames)[number], Float32Array>),
  }
  const [loss, norm, count] = take('pending', Float64Array, 3)
  return { state, pending: { loss, norm, count } }
}
