/** The job `info`: everything a model file says about itself. */
import { decodeClassifier } from '../../model/classifier-file.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import { decodeModelFile } from '../../model/file.ts'
import type { Told } from '../../network/told.ts'

/** A line of what is said: what it is of, and the words. */
export type Row = readonly [name: string, text: string]

/** The description of a model, or of a classifier where the file is one. */
export function described(
  bytes: Uint8Array,
  name: string,
): { description: { version: string }; rows: Row[] } {
  try {
    const { description } = decodeModelFile(bytes, name)
    return { description, rows: modelRows(description) }
  } catch (error) {
    const description = classifierIn(bytes)
    if (description === undefined) throw error
    const { options, tile, training } = description
    const { shape, classes, ...network } = options
    const images: Row = ['images', `${shape.join('×')} (C×H×W), told apart into ${classes} classes`]
    return {
      description,
      rows: [
        images,
        ['network', `${plain(network)}; ${tile} images per call`],
        ['training', plain(training)],
      ],
    }
  }
}

function classifierIn(bytes: Uint8Array): ReturnType<typeof decodeClassifier> | undefined {
  try {
    return decodeClassifier(bytes)
  } catch {
    return undefined
  }
}

function modelRows(description: ModelDescription): Row[] {
  const {
    process: law,
    schedule,
    task,
    network,
    sampling,
    few,
    data,
    training,
    parameters,
    tile,
    spread,
  } = description
  const classes = task.classes ? `${task.classes} classes: ${data.classes.join(', ')}` : 'no classes'
  const second = data.second ? `: ${data.second.join(', ')}` : ''
  const shapes = task.parts?.map(({ shape }) => shape.join('×')).join(' and ')
  const range = `counts 0 … ${data.largest}, masses ${data.range.join(' … ')}`
  const { seconds, ...trained } = training
  const took = Number.isFinite(seconds) ? `, in ${durationText(Number(seconds))}` : ''
  return [
    shapes
      ? ['parts', `${shapes} (C×H×W)${second}`]
      : ['images', `${task.shape.join('×')} (${task.shape.length > 3 ? 'C×D×H×W' : 'C×H×W'}), ${classes}`],
    ...(task.told?.length ? [['told', task.told.map(toldText).join('; ')] as const] : []),
    ['process', plain(law)],
    ['schedule', plain(schedule)],
    ['network', `${parameters} parameters; ${plain(network)}; ${tile} images per call`],
    ...(task.noise
      ? [
          [
            'noise',
            `${task.noise} planes of noise${spread ? ` times ${spread}` : ''}: origins are drawn`,
          ] as const,
        ]
      : []),
    ['sampling', plain(sampling)],
    ...(few ? [['few calls', plain(few)] as const] : []),
    ['data', `${data.name}: ${data.count} ${data.material ? 'crops' : 'images'}, ${range}`],
    ...(data.paper === undefined ? [] : [['ink', `what is missing from ${data.paper}`] as const]),
    ...(data.material ? [['material', materialText(data.material)] as const] : []),
    ['training', `${plain(trained)}${took}`],
  ]
}

/** What can be told, in words. */
function toldText(told: Told): string {
  if (told.kind === 'numbers')
    return told.names.map((name, i) => `${name} (a number, ${told.range[i].join(' … ')})`).join(', ')
  if (told.kind === 'text') return `${told.name} (a text of ${told.vocabulary.length} words)`
  const along = told.axis === undefined ? '' : ` seen along axis ${told.axis}`
  return `${told.name} (an image of ${told.channels} channels${along})`
}

/** The phases, which of them are units, the side of a voxel, and what was held out. */
function materialText({ phases, units, voxelSize, unit = '', heldOut }: Material): string {
  const named = phases.map(
    (name, label) => `${label} ${name}${units.includes(label) ? '' : ' (what is left)'}`,
  )
  return [
    `phases ${named.join(', ')}`,
    voxelSize === undefined ? 'voxels of unknown size' : `voxels of ${voxelSize} ${unit}`.trim(),
    heldOut ? `slices ${heldOut[0]} … ${heldOut[1] - 1} held out` : 'nothing held out',
  ].join('; ')
}

/** Lists that are lengths of something. */
const lengths = new Set(['shape', 'lengths', 'crop'])

/** The fields of a plain object in one line; long lists by their length. */
function plain(value: object): string {
  const shown = (key: string, entry: unknown): string => {
    if (Array.isArray(entry)) {
      if (entry.length === 0) return 'none'
      if (entry.length > 8) return `[${entry.length} values]`
      return lengths.has(key) ? entry.join('×') : `[${entry.map(one => shown(key, one)).join(', ')}]`
    }
    return typeof entry === 'object' && entry !== null ? `(${plain(entry)})` : String(entry)
  }
  return Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .map(([key, entry]) => `${key} ${shown(key, entry)}`)
    .join(', ')
}

/** Seconds as 12 s, 3 min or 1.2 h. */
const durationText = (seconds: number): string =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`
