/**
 * Checks what a model file says about itself, before anything is built from it: the file may be a stranger's.
 */
import { cannot } from '../base/errors.ts'
import { largestMass } from '../formats/array.ts'
import { type ProcessDescription, process, type Rebuild } from '../process/index.ts'
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

const word = rule('a word without blanks, commas and =', value => /^[^\s=,]{1,64}$/.test(String(value)))

/** What the counts of a channel mean. */
const column = rule('a name, a finite low and a step above 0', value => {
  const { name, low, step } = (record.holds(value) ? value : {}) as Record<string, unknown>
  return text.holds(name) && Number.isFinite(low) && positive.holds(step)
})

/** By the path of the value. */
const rules: Record<string, Rule> = {
  version: text,
  process: record,
  schedule: record,
  'task.shape': list(whole(1, 4096), 3, 4),
  'task.width': whole(1, 65536),
  'task.periodic': list(truth, 2, 3),
  'task.times': rule('two times, 0 < first < last <= 1', value => {
    const [first, last] = list(positive, 2).holds(value) ? (value as number[]) : [1, 1]
    return first < last && last <= 1
  }),
  'task.scale': positive,
  'task.classes': whole(0, 65536),
  'task.homogeneous': optional(truth),
  'task.states': optional(whole(2, 65536)),
  'task.apart': optional(truth),
  'task.graph': optional(record),
  'task.pairs': optional(truth),
  'task.kinds': optional(whole(2, 64)),
  'task.parts': optional(list(record, 2)),
  'task.told': optional(list(record, 0, 64)),
  'task.noise': optional(whole(1, 64)),
  'network.base': whole(1, 4096),
  'network.multipliers': list(whole(1, 64), 1, 16),
  'network.blocks': list(whole(1, 64), 1, 16),
  'network.attention': list(truth, 1, 16),
  'network.embedding': whole(1, 65536),
  tile: whole(1, 4096),
  parameters: whole(1, 2 ** 31),
  'data.name': text,
  'data.count': whole(0, Number.MAX_SAFE_INTEGER),
  'data.shape': list(whole(1, 4096), 3, 4),
  'data.largest': whole(0, largestMass),
  'data.masses': list(list(whole(0, largestMass), 1, 4096), 1, 65536),
  'data.range': list(whole(0, largestMass), 2),
  'data.classes': list(text, 0, 65536),
  'data.second': optional(list(text, 0, 65536)),
  'data.paper': optional(whole(1, largestMass)),
  'data.material': optional(record),
  'data.columns': optional(list(column, 1, 4096)),
  'data.told': optional(list(list(number('a number', Number.isFinite), 1, 4096), 1, 65536)),
  'data.gaussian': optional(record),
  sampling: record,
  few: optional(record),
  spread: optional(number('a number above 0 and at most 1', n => n > 0 && n <= 1)),
  training: record,
}

/** What a material is described by. */
const materialRules: Record<string, Rule> = {
  'data.material.phases': list(text, 2, 256),
  'data.material.units': list(whole(0, 255), 1, 255),
  'data.material.voxelSize': optional(positive),
  'data.material.unit': optional(text),
  'data.material.spacing': optional(list(positive, 3)),
  'data.material.heldOut': optional(list(whole(0, Number.MAX_SAFE_INTEGER), 2)),
}

/** What is told, by its kind. */
const toldRules: Readonly<Record<string, Record<string, Rule>>> = {
  numbers: {
    names: list(text, 1, 4096),
    mean: list(number('a number', Number.isFinite), 1, 4096),
    scale: list(positive, 1, 4096),
    range: list(list(number('a number', Number.isFinite), 2), 1, 4096),
  },
  image: {
    channels: whole(1, 4096),
    scale: positive,
    axis: optional(whole(0, 2)),
    end: optional(rule('true', value => value === true)),
  },
  text: { vocabulary: list(text, 1, 4096) },
}

/** Most counts of one call of the network. */
const largestTile = 2 ** 26

/** Whether something holds that a description must say, in the words of an error. */
type Demand = (holds: boolean, thing: string, wanted: string, got: unknown) => void

/** The description in a model file. @throws SyntaxError naming the first thing that cannot be. */
export function checkedDescription(json: string, name: string, rebuild: Rebuild = process): ModelDescription {
  demandFormat(json, name)
  const described = ruled(json, rules, name) as ModelDescription
  if (described.data.material) ruled(json, materialRules, name)
  const demand: Demand = (holds, thing, wanted, got) => demandThat(holds, name, { thing, wanted, got })
  demandTold(described, name)
  demandNetwork(described, demand)
  demandData(described, demand)
  demandLaw(described, { demand, rebuild })
  return described
}

/** Models of format 1 told the rates of jumps, which nothing here can read any more. */
function demandFormat(json: string, name: string): void {
  const whole = number('a whole number', Number.isInteger)
  const { format } = ruled(json, { format: whole }, name) as ModelDescription
  const old =
    '2 (format 1 held rates of jumps, and models hold origins now: take the models that came with this version, or train anew on the same data with saltus train)'
  const young = '2 (it was written by a newer saltus: install that one)'
  if (format !== 2)
    throw new SyntaxError(cannot(`read ${name}`, 'its format', format < 2 ? old : young, format))
}

/** How many numbers are told of an image. */
const numbersTold = (told: ModelDescription['task']['told'] = []) =>
  told.reduce((sum, one) => sum + (one.kind === 'numbers' ? one.names.length : 0), 0)

/** What the network is told beside the class. */
function demandTold({ task: { told = [], shape } }: ModelDescription, name: string): void {
  const names = new Set(told.map(one => one.name))
  const own = names.size === told.length && !names.has('class')
  demandThat(own, name, { thing: 'task.told', wanted: 'of different names', got: [...names] })
  for (const one of told) {
    const known = Object.hasOwn(toldRules, String(one.kind))
    demandThat(known, name, {
      thing: 'kind of what is told',
      wanted: 'numbers, image or text',
      got: one.kind,
    })
    ruled(JSON.stringify(one), { name: word, ...toldRules[one.kind] }, name)
    const [wanted, got] =
      one.kind === 'numbers'
        ? [one.names.length, Math.min(one.mean.length, one.scale.length, one.range.length)]
        : [
            shape.length - 1,
            shape.length - 1 - Number(one.kind === 'image' && (one.axis ?? 0) > shape.length - 2),
          ]
    demandThat(wanted === got, name, { thing: `told ${one.name}`, wanted: `of ${wanted}`, got })
  }
}

function demandNetwork({ task, network, tile }: ModelDescription, demand: Demand): void {
  const size = tile * task.shape.reduce((product, length) => product * length, 1)
  demand(size <= largestTile, 'tile', `of at most ${largestTile} counts`, size)
  const axes = task.shape.length - 1
  demand(task.periodic.length === axes, 'task.periodic', `one per axis, ${axes}`, task.periodic)
  const levels = network.multipliers.length
  const perLevel = `one per level, ${levels}`
  demand(network.blocks.length === levels, 'network.blocks', perLevel, network.blocks)
  demand(network.attention.length === levels, 'network.attention', perLevel, network.attention)
}

function demandData({ task, data }: ModelDescription, demand: Demand): void {
  const [channels] = task.shape
  demand(data.classes.length === task.classes, 'data.classes', `${task.classes}`, data.classes.length)
  const [least, most] = data.range
  demand(least <= most, 'data.range', 'a smallest and a largest mass', data.range)
  // Of graphs edges and nodes.
  const kept = task.pairs
    ? 1 + (task.kinds ?? 1)
    : (task.parts?.reduce((sum, { shape, states }) => sum + (states ? 0 : shape[0]), 0) ?? channels)
  const each = data.masses.every(masses => masses.length === kept)
  demand(
    each,
    'data.masses',
    task.pairs ? 'edges and nodes of each kind' : `one per channel, ${kept}`,
    data.masses,
  )
  const many = data.told?.length ?? data.masses.length
  demand(many === data.masses.length, 'data.told', `one per mass, ${data.masses.length}`, many)
  const numbers = numbersTold(task.told)
  const told = data.told?.every(row => row.length === numbers) ?? true
  demand(told, 'data.told', `of ${numbers} numbers each`, data.told)
  const named = data.columns?.length ?? channels
  demand(named === channels, 'data.columns', `one per channel, ${channels}`, named)
  if (data.material) {
    const { phases, units } = data.material
    demand(units.length === channels, 'data.material.units', `one per channel, ${channels}`, units)
    const known = new Set(units).size === channels && units.every(label => label < phases.length)
    demand(known, 'data.material.units', `different labels below ${phases.length}`, units)
    const wanted = `${channels + 1}, one more than channels`
    demand(phases.length === channels + 1, 'data.material.phases', wanted, phases)
  }
  const { labels = [], gaussian, largest, paper = largest } = data
  demand(paper >= largest, 'data.paper', `at least the largest count, ${largest}`, paper)
  const classes = data.second?.length ?? task.classes
  const listed = list(whole(0, Math.max(0, classes - 1)), 0, 65536).holds(labels)
  const fits = listed && (labels.length === 0 || (labels.length === data.masses.length && classes > 0))
  demand(fits, 'data.labels', `a class for each of the ${data.masses.length} masses`, labels)
  if (!gaussian) return
  const size = task.shape.reduce((product, length) => product * length, 1)
  const read = attempt(() => unpackGaussian(gaussian, { size, classes: task.classes, largest }))
  const law = `a normal law of ${size} counts and ${task.classes} classes`
  demand(read !== undefined, 'data.gaussian', law, gaussian)
}

/** What is built from the description; only where the lattice is that of the images, for a large one costs much. */
function demandLaw(
  { process: law, task, data, sampling, few, schedule: times }: ModelDescription,
  { demand, rebuild }: { readonly demand: Demand; readonly rebuild: Rebuild },
): void {
  const { lengths } = law as { lengths?: unknown }
  const [, ...lattice] = task.shape
  const same = lengths === undefined || String(lengths) === String(lattice)
  const built = same ? attempt(() => rebuild(law)) : undefined
  demand(!same || built !== undefined, 'process', 'one that is known', law)
  demand(String(built?.shape) === String(task.shape), 'process', `on ${task.shape}`, law)
  demand(
    String(data.shape) === String(task.shape),
    'data.shape',
    `${task.shape}, that of the task`,
    data.shape,
  )
  const { edges, weights } = law as { edges?: unknown; weights?: unknown }
  const joined = JSON.stringify(task.graph) === JSON.stringify(edges && { edges, weights })
  demand(joined, 'task.graph', 'the edges of the process', task.graph)
  const apart = (law as { nodes?: unknown }).nodes !== undefined && edges === undefined && !task.pairs
  demand(apart === (task.apart ?? false), 'task.apart', `${apart}, that of the process`, task.apart)
  const { matrix, origin } = law as { matrix?: unknown; origin?: { length?: unknown } }
  const known = matrix === undefined ? undefined : origin?.length
  demand((task.states ?? known) === known, 'task.states', `${known}, those of the process`, task.states)
  const { parts } = law as { parts?: readonly ProcessDescription[] }
  const shapes = parts?.map(part => String(attempt(() => rebuild(part))?.shape))
  demand(
    String(shapes) === String(task.parts?.map(part => String(part.shape))),
    'task.parts',
    `those of the process, ${shapes}`,
    task.parts,
  )
  const square =
    !task.pairs ||
    (task.shape.length === 3 && task.shape[1] === task.shape[2] && built?.conserved === 1 + (task.kinds ?? 1))
  demand(square, 'task.pairs', 'left out but with graphs, [1, n, n]', task.shape)
  const width = built?.link.width
  demand(width === task.width, 'task.width', `${width}, that of the process`, task.width)
  for (const [thing, of] of Object.entries({ sampling, few: few ?? sampling }))
    demand(attempt(() => solver(of)) !== undefined, thing, 'a solver that is known', of)
  const timed = attempt(() => schedule(times)) !== undefined
  demand(timed, 'schedule', 'one that is known', times)
}

function attempt<T>(build: () => T): T | undefined {
  try {
    return build()
  } catch {
    return undefined
  }
}
