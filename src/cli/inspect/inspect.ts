/** `saltus inspect`: what a model has learned and what not. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { inspectSchema } from '../../jobs/inspect/fields.ts'
import { inspect } from '../../jobs/inspect/inspect.ts'
import { inspectionPage, inspectionSvg, linesOf } from '../../jobs/inspect/report.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import type { Device } from '../../runtime/onnxruntime-node.ts'
import { watched, withMachineFlags } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'

interface Flags {
  readonly device: Device
  readonly workers?: number
  readonly quiet: boolean
  readonly json: boolean
  readonly report?: string
}

const writers = { '.html': inspectionPage, '.svg': inspectionSvg } as const

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description(
      'look inside a model: whether its rates are those of a law, how many directions it knows, which scales live when, what its middle tells',
    )
    .argument('[model]', 'a model file, or the name of a shipped model', 'mnist')
  return withMachineFlags(withFields(command, inspectSchema, ['model']))
    .option('--report <file>', 'write the curves: .html with the words, or .svg')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus inspect mnist --data mnist/ --report mnist.html
  saltus inspect rock.onnx --only conservativity,dimension,scales --json`,
    )
    .action((model: string, flags: Flags) => run(model, flags))
}

async function run(model: string, flags: Flags): Promise<void> {
  const { report, json } = flags
  const job = jobOf(inspectSchema, { ...flags, model })
  const ending = report === undefined ? undefined : extname(report).toLowerCase()
  if (ending !== undefined && !Object.hasOwn(writers, ending))
    throw new UsageError(cannot('write the report', '--report', 'a file ending in .html, .svg', report))
  if (report !== undefined) demandWritable(report)
  await watched({ ...flags, name: 'inspect' }, async context => {
    const found = await inspect(job, context)
    if (report !== undefined) writeWhole(report, await writers[ending as keyof typeof writers](found))
    const text = linesOf(found).map(([name, words]) => `${name.padEnd(22)}${words}`)
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : `${text.join('\n')}\n`)
  })
}
