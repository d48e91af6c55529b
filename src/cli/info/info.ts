/** `saltus info`: everything a model file says about itself. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { decodeClassifier } from '../../model/classifier-file.ts'
import type { Material, ModelDescription } from '../../model/description.ts'
import { decodeModelFile } from '../../model/file.ts'
import { readBytes } from '../../node/files.ts'
import { modelPath } from '../../node/models.ts'
import { duration } from '../progress.ts'

type Row = readonly [name: string, text: string]

export function infoCommand(): Command {
  return new Command('info')
    .description('what a model file says about itself')
    .argument('<model>', 'a model file, or the name of a shipped model')
    .option('--json', 'the whole description as JSON', false)
    .action((name: string, { json }: { json: boolean }) => {
      const path = modelPath(name)
      const bytes = readBytes(path)
      const { description, rows } = described(bytes, basename(path))
      const { version } = description
      const file: Row = [
        'file',
        `${path}, ${(bytes.length / 1e6).toFixed(2)} MB, written by saltus ${version}`,
      ]
      const lines = [file, ...rows].map(([title, text]) => harmless(`${title.padEnd(9)} ${text}`))
      process.stdout.write(`${json ? JSON.stringify(description, null, 2) : lines.join('\n')}\n`)
    })
}

/** The description of a model, or of a classifier where the file is one. */
function described(bytes: Uint8Array, name: string): { description: { version: string }; rows: Row[] } {
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
  } = description
  const classes = task.classes ? `${task.classes} classes: ${data.classes.join(', ')}` : 'no classes'
  const range = `counts 0 … ${data.largest}, masses ${data.range.join(' … ')}`
  const { seconds, ...trained } = training
  const took = Number.isFinite(seconds) ? `, in ${duration(Number(seconds))}` : ''
  return [
    ['images', `${task.shape.join('×')} (C×H×W), ${classes}`],
    ['process', plain(law)],
    ['schedule', plain(schedule)],
    ['network', `${parameters} parameters; ${plain(network)}; ${tile} images per call`],
    ['sampling', plain(sampling)],
    ...(few ? [['few calls', plain(few)] as const] : []),
    ['data', `${data.name}: ${data.count} ${data.material ? 'crops' : 'images'}, ${range}`],
    ...(data.material ? [['material', materialText(data.material)] as const] : []),
    ['training', `${plain(trained)}${took}`],
  ]
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
      return lengths.has(key) ? entry.join('×') : `[${entry.join(', ')}]`
    }
    return typeof entry === 'object' && entry !== null ? `(${plain(entry)})` : String(entry)
  }
  return Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .map(([key, entry]) => `${key} ${shown(key, entry)}`)
    .join(', ')
}

/** What a stranger's file says may hold signs that a terminal obeys. */
function harmless(line: string): string {
  return Array.from(line, sign => (isControl(sign) ? '�' : sign)).join('')
}

const isControl = (sign: string) => sign < ' ' || (sign >= '\u007f' && sign < '\u00a0')
