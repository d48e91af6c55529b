/** `saltus translate`: images of one end of a bridge to such as those of the other. */
import { Command } from 'commander'
import { imageNames } from '../../jobs/output/images.ts'
import { translate, translateSchema } from '../../jobs/translate/translate.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import type { Device } from '../../runtime/onnxruntime-node.ts'
import { watched, withMachineFlags } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { duration } from '../progress.ts'
import { given, several } from '../usage.ts'

interface Flags {
  readonly out?: string[]
  readonly device: Device
  readonly quiet: boolean
  readonly json: boolean
}

export function translateCommand(): Command {
  const command = new Command('translate').description(
    'take images across a bridge that was trained between two sets: every mass stays as it is',
  )
  return withMachineFlags(withFields(command, translateSchema))
    .option('-o, --out <file>', 'needed: .png, .npy or .npz; may be given several times', several)
    .option('--json', 'print one JSON object: the job, and the files', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus train --from-data ones.npz --data sevens.npz -o runs/bridge
  saltus translate -m runs/bridge/model.onnx --input ones.npz -o sevens.png`,
    )
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const out = given('translate', '--out', flags.out)
  for (const path of out) {
    imageNames(path, [1, 1, 1, 1])
    demandWritable(path)
  }
  await watched({ ...flags, name: 'translate' }, async context => {
    const began = performance.now()
    const samples = await translate(jobOf(translateSchema, flags), context)
    const files = (await Promise.all(out.map(path => samples.files(path)))).flat()
    for (const { name, bytes } of files) writeWhole(name, bytes)
    const names = files.map(({ name }) => name)
    const words = `${samples.shape[0]} images in ${duration((performance.now() - began) / 1000)}; ${samples.said}\n`
    process.stdout.write(
      flags.json ? `${JSON.stringify({ ...samples.record, files: names })}\n` : flags.quiet ? '' : words,
    )
  })
}
