/**
 * Checks what a model file says about itself, before anything is built from it: the file may be a stranger's.
 */
import { cannot } from '../base/errors.ts'
import { largestMass } from '../formats/array.ts'
import { process } from '../process/index.ts'
import { solver } from '../sampling/rebuild.ts'
import { schedule } from '../schedule/index.ts'
import type { ModelDescription } from './description.ts'
import { unpackGaussian } from './gaussian.ts'
import {
  demandThat,
  list,
  number,
  optional,
  positive,
  type Rule,
  record,
  rule,
  ruled,
  text,
  truth,
  whole,
} from './rules.ts'

/** By the path of the value. */
const rules: Record<string, Rule> = {
  version: text,
  process: record,
  schedule: record,
  'task.shape': list(whole(1, 4096), 3),
  'task.width': whole(1, 65536),
  'task.periodic': list(truth, 2),
  'task.times': rule('two times, 0 < first < last <= 1', value => {
    const [first, last] = list(positive, 2).holds(value) ? (value as number[]) : [1, 1]
    return first < last && last <= 1
  }),
  'task.scale': positive,
  'task.classes': whole(0, 65536),
  'task.homogeneous': optional(truth),
  'network.base': whole(1, 4096),
  'network.multipliers': list(whole(1, 64), 1, 16),
  'network.blocks': list(whole(1, 64), 1, 16),
  'network.attention': list(truth, 1, 16),
  'network.embedding': whole(1, 65536),
  tile: whole(1, 4096),
  'data.name': text,
  'data.count': whole(0, Number.MAX_SAFE_INTEGER),
  'data.largest': whole(0, largestMass),
  'data.masses': list(list(whole(0, largestMass), 1, 4096), 1, 65536),
  'data.range': list(whole(0, largestMass), 2),
  'data.classes': list(text, 0, 65536),
  'data.material': optional(record),
  'data.gaussian': optional(record),
  sampling: record,
  training: record,
}

/** What a material is described by. */
const materialRules: Record<string, Rule> = {
  'data.material.phases': list(text, 2, 256),
  'data.material.units': list(whole(0, 255), 1, 255),
  'data.material.voxelSize': optional(positive),
  'data.material.unit': optional(text),
  'data.material.heldOut': optional(list(whole(0, Number.MAX_SAFE_INTEGER), 2)),
}

/** Most counts of one call of the network. */
const largestTile = 2 ** 26

/** The description in a model file. @throws SyntaxError naming the first thing that cannot be. */
export function checkedDescription(json: string, name: string): ModelDescription {
  const { format } = ruled(
    json,
    { format: number('a whole number', Number.isInteger) },
    name,
  ) as ModelDescription
  if (format !== 2)
    throw new SyntaxError(
      cannot(
        `read ${name}`,
        'its format',
        `2 (models of format 1 tell rates, and this version learns origins: train it anew, or take the models that come with this version)`,
        format,
      ),
    )
  const described = ruled(json, rules, name) as ModelDescription
  if (described.data.material) ruled(json, materialRules, name)
  const demand = (holds: boolean, thing: string, wanted: string, got: unknown) =>
    demandThat(holds, name, { thing, wanted, got })
  const { task, network, tile, data } = described
  const size = tile * task.shape.reduce((product, length) => product * length, 1)
  demand(size <= largestTile, 'tile', `of at most ${largestTile} counts`, size)
  const levels = network.multipliers.length
  demand(network.blocks.length === levels, 'network.blocks', `one per level, ${levels}`, network.blocks)
  demand(
    network.attention.length === levels,
    'network.attention',
    `one per level, ${levels}`,
    network.attention,
  )
  demand(data.classes.length === task.classes, 'data.classes', `${task.classes}`, data.classes.length)
  const channels = data.masses.every(masses => masses.length === task.shape[0])
  demand(channels, 'data.masses', `one per channel, ${task.shape[0]}`, data.masses)
  const { phases, units } = data.material ?? { phases: [], units: [] }
  const all = data.material ? task.shape[0] : 0
  demand(units.length === all, 'data.material.units', `one per channel, ${all}`, units)
  const known = new Set(units).size === all && units.every(label => label < phases.length)
  demand(known, 'data.material.units', `different labels below ${phases.length}`, units)
  demand(
    phases.length === all + Math.sign(all),
    'data.material.phases',
    `${all + 1}, one more than channels`,
    phases,
  )
  const { labels = [] } = data
  const listed = list(whole(0, Math.max(0, task.classes - 1)), 0, 65536).holds(labels)
  const fits = listed && (labels.length === 0 || (labels.length === data.masses.length && task.classes > 0))
  demand(fits, 'data.labels', `a class for each of the ${data.masses.length} masses`, labels)
  const { gaussian, largest } = data
  const image = { size: size / tile, classes: task.classes, largest }
  const holds = !gaussian || attempt(() => unpackGaussian(gaussian, image)) !== undefined
  demand(
    holds,
    'data.gaussian',
    `a normal law of ${image.size} counts and ${image.classes} classes`,
    gaussian,
  )
  const built = attempt(() => process(described.process))
  demand(built !== undefined, 'process', 'one that is known', described.process)
  demand(String(built?.shape) === String(task.shape), 'process', `on ${task.shape}`, described.process)
  const width = built?.link.width
  demand(width === task.width, 'task.width', `${width}, that of the process`, task.width)
  demand(
    attempt(() => solver(described.sampling)) !== undefined,
    'sampling',
    'a solver that is known',
    described.sampling,
  )
  demand(
    attempt(() => schedule(described.schedule)) !== undefined,
    'schedule',
    'one that is known',
    described.schedule,
  )
  return described
}

function attempt<T>(build: () => T): T | undefined {
  try {
    return build()
  } catch {
    return undefined
  }
}
