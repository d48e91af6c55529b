/** `saltus info`: everything a model file says about itself. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { decodeModelFile } from '../model/file.ts'
import { readBytes } from './files.ts'
import { modelPath } from './models.ts'
import { duration } from './progress.ts'

export function infoCommand(): Command {
  return new Command('info')
    .description('what a model file says about itself')
    .argument('<model>', 'a model file, or the name of a shipped model')
    .option('--json', 'the whole description as JSON', false)
    .action((name: string, { json }: { json: boolean }) => {
      const path = modelPath(name)
      const bytes = readBytes(path)
      const { description } = decodeModelFile(bytes, basename(path))
      process.stdout.write(json ? `${JSON.stringify(description, null, 2)}\n` : `${table(path, bytes.length, description)}\n`)
    })
}

function table(path: string, size: number, description: ReturnType<typeof decodeModelFile>['description']): string {
  const { process: law, schedule, task, network, data, training } = description
  const plain = (value: object) =>
    Object.entries(value)
      .map(([key, entry]) => `${key} ${Array.isArray(entry) && entry.length > 8 ? `[${entry.length} values]` : Array.isArray(entry) ? entry.join('×') : entry}`)
      .join(', ')
  const rows: [string, string][] = [
    ['file', `${path}, ${(size / 1e6).toFixed(2)} MB, written by saltus ${description.version}`],
    ['images', `${task.shape.join('×')} (C×H×W)${task.classes ? `, ${task.classes} classes: ${data.classes.join(', ')}` : ', no classes'}`],
    ['process', plain(law)],
    ['schedule', plain(schedule)],
    ['network', `${description.parameters} parameters; ${plain(network)}; ${description.tile} images per call`],
    ['data', `${data.name}: ${data.count} images, counts 0 … ${data.largest}, masses ${data.range.join(' … ')}`],
    ['training', plain({ ...training, seconds: duration(Number(training.seconds)) })],
  ]
  return rows.map(([key, text]) => `${key.padEnd(9)} ${text}`).join('\n')
}
