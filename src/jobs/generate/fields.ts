/** The fields of what is asked of samples, and of how they are drawn. */
import { refused } from '../../base/errors.ts'
import { largestMass } from '../../formats/array.ts'
import type { ModelDescription } from '../../model/description.ts'
import { decimal, oneOf, type Range, type RangeLike, range, several, text, truth, whole } from '../fields.ts'
import { type Field, type JobOf, usually } from '../schema.ts'

export const modelField = usually(
  text({ help: 'a model file, or the name of a shipped model', argument: '<model>', short: 'm' }),
  'mnist',
)

export const seedField = usually(whole({ help: 'seed; sample i depends on seed and i alone', least: 0 }), 0)

/** How images are drawn. */
export const drawingFields = {
  calls: whole({
    help: 'network calls of ancestral and multistep (default: what the model says suits it)',
    argument: '<k>',
    aliases: ['steps', 'nfe'],
    least: 1,
    most: 1_000_000,
  }),
  solver: oneOf(['ancestral', 'multistep', 'cfl'] as const, {
    help: "ancestral (one step back for each call), multistep (of order two: fewer calls) or cfl (DSD's algorithm 2) (default: what the model says suits it)",
  }),
  noise: decimal({
    help: 'how much of the forward walk is undone and done again: 1 the reversed walk, 0 its net flow alone, above 1 with mixing; walks only',
    argument: '<eta>',
    least: 0,
    most: 8,
  }),
  damping: decimal({
    help: 'multistep: below 1 the change from call to call is damped',
    argument: '<beta>',
    above: 0,
    most: 1,
  }),
  cfl: decimal({
    help: 'cfl: largest probability of a hop in one step (default: 0.15)',
    argument: '<e>',
    above: 0,
    most: 1,
  }),
  guidance: decimal({
    help: 'how far the origin leans towards the class, and whatever else is told: 0 not at all, 1 as learned (the default), others take two network calls for one',
    argument: '<w>',
    least: 0,
    most: 100,
  }),
  seed: seedField,
} as const

/** Models of states alone. */
export const temperatureField = decimal({
  help: 'models of states, like letters: they are drawn of their laws to the power 1/T; below 1 what is likely oftener than it is (default: 1, the laws)',
  argument: '<T>',
  least: 0.05,
  most: 20,
})

/** The temperature of a job. @throws UsageError where the model draws no states */
export function temperatureOf(
  { temperature }: { readonly temperature?: number },
  { task }: ModelDescription,
): number | undefined {
  if (temperature !== undefined && !task.states)
    throw refused('sample', 'temperature', 'left out but with a model of states', temperature)
  return temperature
}

export type DrawingJob = JobOf<typeof drawingFields>

/** Masses of an image: M, MIN:MAX, or several. */
export const massField = (help: string) =>
  several(
    range(
      whole({ help, argument: '<m>', least: 0, most: largestMass }),
      `M or MIN:MAX, whole numbers of at least 0 and at most ${largestMass}`,
    ),
  )

const share = decimal({ help: '', least: 0, most: 1 })
const shareRange = range(share, 'a share from 0 to 1, or MIN:MAX')

/** Pores / all: P, MIN:MAX, or several. */
export const porosityField = (help: string) =>
  several({ ...shareRange, help, argument: '<p>' }, { wanted: shareRange.wanted })

/** What is understood as the shares of all solid phases of one sample. */
export type FractionsLike = string | number | readonly RangeLike[]

/** Shares of all solid phases; several rows of them for several kinds of samples. */
export function fractionsField(
  help: string,
): Field<readonly (readonly Range[])[], FractionsLike | readonly string[]> {
  const row = (value: unknown): readonly Range[] | undefined => {
    const parts = typeof value === 'string' ? value.split(/[\s,;]+/) : Array.isArray(value) ? value : [value]
    const read = parts.map(part => shareRange.read(part))
    return read.includes(undefined) || read.length === 0 ? undefined : (read as Range[])
  }
  // A share is a number, a range a list of them: a list of lists of lists is rows; so are texts with several shares.
  const deep = (value: unknown) =>
    Array.isArray(value) && Array.isArray(value[0]) && Array.isArray(value[0][0])
  const lines = (value: unknown) =>
    Array.isArray(value) && value.some(part => /[\s,;]/.test(String(part)) && typeof part === 'string')
  return {
    ...{ help, argument: '<list>' },
    wanted: shareRange.wanted,
    read(value) {
      const rows = (deep(value) || lines(value) ? (value as unknown[]) : [value]).map(row)
      return rows.includes(undefined) ? undefined : (rows as Range[][])
    },
  }
}

/** Classes by name or number, in one text. */
export const classField = (help: string): Field<string, string | number | readonly (string | number)[]> => ({
  ...{ help, argument: '<c>' },
  wanted: 'names or numbers of classes',
  read(value) {
    const read = Array.isArray(value) ? value.join(',') : String(value ?? '')
    return read === '' || (typeof value === 'object') !== Array.isArray(value) ? undefined : read
  },
})

/** What is told by name, in one text. */
export const tellField: Field<
  string,
  string | Readonly<Record<string, string | number | readonly number[]>>
> = {
  help: 'what else the model is told: name=value, several with commas, or a file .npz of such arrays (sample i: row i)',
  argument: '<list>',
  wanted: 'name=value, several with commas, or a file .npz',
  read(value) {
    if (typeof value === 'string') return value.trim() === '' ? undefined : value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.entries(value)
      .map(([name, told]) => `${name}=${told}`)
      .join(',')
  },
}

const side = whole({ help: '', least: 4, most: 8192 })

/** H,W or HxW, or one side for both; of volumes D,H,W. */
export const sizeField: Field<readonly number[], string | number | readonly number[]> = {
  help: 'materials: height and width in voxels, of volumes D,H,W (default: those of the training)',
  argument: '<h,w>',
  wanted: 'H,W or D,H,W: whole numbers of at least 4 and at most 8192',
  read(value) {
    const parts = typeof value === 'string' ? value.split(/[x×,]/) : Array.isArray(value) ? value : [value]
    const sides = parts.map(part => side.read(part)).filter(length => length !== undefined)
    if (sides.length !== parts.length || sides.length === 0 || sides.length > 3) return undefined
    return sides.length === 1 ? [sides[0], sides[0]] : sides
  },
}

/** What is asked of samples; `count` of them as a rule. */
export const askedFields = (count: number) =>
  ({
    model: modelField,
    count: usually(
      whole({
        help: 'how many images, of each class and mass that are asked for',
        short: 'n',
        least: 1,
        most: 1_000_000,
      }),
      count,
    ),
    class: classField(
      'classes by name or number, like 7, 0:9 or 0,3,7: a row of the picture each (default: one drawn for every image like those of the training data)',
    ),
    given: text({
      help: 'models of two parts: images that are known, like those of the training, one for each sample: what goes with them is drawn (their class, say)',
      argument: '<path>',
    }),
    givenWith: text({
      help: 'models of two parts: what is known to go with the images, one for each sample (.npy, .npz; classes by --class)',
      argument: '<path>',
    }),
    classes: truth({ help: 'tell the network no class', usual: true }),
    tell: tellField,
    sketch: text({
      help: 'volumes: a picture whose silhouette they shall have, of a model that was trained with --sketch',
      argument: '<file>',
    }),
    mass: massField(
      'units per image, M or MIN:MAX, or several with commas (default: masses like those of the training data)',
    ),
    nodes: massField('graphs: nodes of each, N or MIN:MAX, or several with commas; --mass tells the edges'),
    like: text({
      help: 'graphs: a list of graphs, .json, whose numbers of nodes and edges the samples have, one after the other',
      argument: '<file>',
    }),
    porosity: porosityField(
      'materials: pores / all, P or MIN:MAX, several with commas, or a file with one for each sample',
    ),
    fractions: fractionsField(
      'materials: the share of every solid phase, F or MIN:MAX each, or a file with such lines',
    ),
    temperature: temperatureField,
    volume: massField('volumes of two phases: voxels of the solid, N or MIN:MAX, or several with commas'),
    size: sizeField,
    fromSlices: {
      help: 'materials: volumes of --size D,H,W from a model of slices, or of one for each axis: --model z=A,y=B,x=C',
      wanted: 'true, or left out',
      read: value => (value === true ? value : undefined),
    } as Field<true>,
  }) as const

export type AskedJob = JobOf<ReturnType<typeof askedFields>>
