/** `saltus models`: the models that are shipped, and what they are of. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { decodeModelFile } from '../../model/file.ts'
import { modelBytes, newShipped } from '../../node/models.ts'

export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models that are shipped')
    .option('--json', 'print one JSON object for each', false)
    .action(({ json }: { json: boolean }) => {
      const rows = newShipped().map(about)
      const wide = Math.max(...rows.map(({ name }) => name.length))
      const lines = rows.map(row =>
        json
          ? JSON.stringify(row)
          : `${row.name.padEnd(wide)}  ${row.images.padEnd(14)} ${row.process.padEnd(8)} ${row.data}, ${row.parameters} parameters, ${row.megabytes} MB`,
      )
      process.stdout.write(`${lines.join('\n')}\n`)
    })
}

function about(name: string) {
  const { file, bytes } = modelBytes(name)
  const { description } = decodeModelFile(bytes, basename(file))
  const { task, data, process: law, parameters } = description
  const what = data.material
    ? data.material.phases.join(', ')
    : `${(data.second ?? data.classes).length || 'no'} classes`
  return {
    name,
    images: (task.parts ?? [task]).map(({ shape }) => shape.join('×')).join(' + '),
    process: law.kind,
    data: `${data.count} ${data.material ? 'crops' : 'images'} (${what})`,
    parameters,
    megabytes: Number((bytes.length / 1e6).toFixed(2)),
  }
}
