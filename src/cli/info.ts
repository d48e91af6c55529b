/** `saltus info`: everything a model file says about itself. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { decodeClassifier } from '../model/classifier-file.ts'
import type { ModelDescription } from '../model/description.ts'
import { decodeModelFile } from '../model/file.ts'
import { readBytes } from './files.ts'
import { modelPath } from './models.ts'
import { duration } from './progress.ts'

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
      const lines = [file, ...rows].map(([title, text]) => `${title.padEnd(9)} ${text}`)
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
  const { process: law, schedule, task, network, data, training, parameters, tile } = description
  const classes = task.classes ? `${task.classes} classes: ${data.classes.join(', ')}` : 'no classes'
  const range = `counts 0 … ${data.largest}, masses ${data.range.join(' … ')}`
  return [
    ['images', `${task.shape.join('×')} (C×H×W), ${classes}`],
    ['process', plain(law)],
    ['schedule', plain(schedule)],
    ['network', `${parameters} parameters; ${plain(network)}; ${tile} images per call`],
    ['data', `${data.name}: ${data.count} images, ${range}`],
    ['training', plain({ ...training, seconds: duration(Number(training.seconds)) })],
  ]
}

/** The fields of a plain object in one line; long lists by their length. */
function plain(value: object): string {
  const shown = (entry: unknown) => {
    if (!Array.isArray(entry)) return String(entry)
    if (entry.length === 0) return 'none'
    return entry.length > 8 ? `[${entry.length} values]` : entry.join('×')
  }
  return Object.entries(value)
    .map(([key, entry]) => `${key} ${shown(entry)}`)
    .join(', ')
}
