/** What a sweep tries: ranges and choices of the fields of a training run, and the values of each trial. */
import { cannot, UsageError } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { mostAxes, sobol } from '../../base/sobol.ts'
import type { Field } from '../schema.ts'
import { trainSchema } from '../train/fields.ts'
import { flagOfField } from '../words.ts'

/** Fields that may differ between trials: those of the network and of its optimizer. By all others the loss is another one. */
export const variable = [
  'learningRate',
  'warmup',
  'average',
  'batch',
  'accumulate',
  'labelDropout',
  'base',
  'multipliers',
  'blocks',
  'attention',
  'embedding',
] as const

export type Options = Readonly<Record<string, unknown>>

/** A field that varies, and its value where its axis of the unit cube is u. */
interface Axis {
  readonly name: string
  at(u: number): unknown
}

const wanted =
  'FIELD=MIN:MAX, FIELD=MIN:MAX:log or FIELD=A|B|C, like learning-rate=1e-4:1e-2:log or blocks=1,2,2|2,2,2'

const refuse = (got: string, more = wanted): never => {
  throw new UsageError(cannot('sweep', '--vary', more, got))
}

/** An axis as it is told: `learning-rate=1e-4:1e-2:log`. @throws UsageError */
function axisOf(told: string): Axis {
  const [, flag, said] = /^(?:--)?([\w-]+)=(.+)$/.exec(told) ?? refuse(told)
  const flags = new Map(
    variable.map(name => [flagOfField(trainSchema, name).replace(/^--(?:no-)?/, ''), name]),
  )
  const name = flags.get(flag) ?? refuse(flag, `of ${[...flags.keys()].join(', ')}`)
  const field = trainSchema[name] as Field<unknown, unknown>
  const read = (text: string) => field.read(text) ?? refuse(text, `of values of --${flag}, ${field.wanted}`)
  if (!said.includes(':')) {
    const choices = said.split('|').map(read)
    return { name, at: u => choices[Math.floor(u * choices.length)] }
  }
  const [least, most] = said.split(':', 2).map(read) as number[]
  const bent = said.split(':').slice(2).join(':')
  if (!(least < most) || !['', 'log'].includes(bent) || (bent && least <= 0)) refuse(told)
  // What takes no fraction is a whole number.
  const whole = field.read(least + (most - least) / Math.E) === undefined
  const last = whole && !bent ? most + 1 : most
  const between = (u: number) => (bent ? least * (last / least) ** u : least + u * (last - least))
  // Four digits: powers need not be the same to the last bit elsewhere.
  const rounded = (x: number) => (whole ? (bent ? Math.round(x) : Math.floor(x)) : Number(x.toPrecision(4)))
  return { name, at: u => rounded(between(u)) }
}

/** The options of every trial: points of the scrambled Sobol sequence on the axes. @throws UsageError */
export function trialsOf(vary: readonly string[], trials: number, seed: number): Options[] {
  const axes = vary.map(axisOf)
  const twice = axes.find(({ name }, i) => axes.findIndex(other => other.name === name) < i)
  if (twice) refuse(twice.name, 'of every field once')
  if (axes.length < 1 || axes.length > mostAxes) refuse(String(axes.length), `given 1 to ${mostAxes} times`)
  const stream = random(seed)
  const point = sobol(
    axes.length,
    axes.map(() => stream.u32()),
  )
  return Array.from({ length: trials }, (_, i) => {
    const place = point(i)
    return Object.fromEntries(axes.map(({ name, at }, axis) => [name, at(place[axis])]))
  })
}
