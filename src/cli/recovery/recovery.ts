/** `saltus recovery`: deformations undone by a network that learned them. */
import { Command } from 'commander'
import { type LearnJob, learn, learnSchema } from '../../jobs/recovery/learn.ts'
import { type RecoverJob, recover, recoverSchema } from '../../jobs/recovery/recover.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { type DrawingFlags, watched, withMachineFlags } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several } from '../usage.ts'

export function recoveryCommand(): Command {
  return new Command('recovery')
    .description('deformed images taken back to what they were, masses exact, by a network that learned it')
    .addCommand(trainCommand())
    .addCommand(applyCommand())
}

function trainCommand(): Command {
  const command = new Command('train').description(
    'train a network to tell deformations, from deformations of its own of these images',
  )
  return withMachineFlags(withFields(command, learnSchema))
    .option('-o, --out <file>', 'needed: the file of the network, .onnx')
    .addHelpText('after', '\nExamples:\n  saltus recovery train --input digits.npz -o recovery.onnx')
    .action(async (flags: LearnJob & Omit<DrawingFlags, 'out'> & { out?: string }) => {
      const job = jobOf(learnSchema, flags)
      const out = given('recovery train', '--out', flags.out)
      demandWritable(out)
      const { bytes, said } = await watched({ ...flags, name: 'training' }, context =>
        learn(job, { ...context, threads: 1 }),
      )
      writeWhole(out, bytes)
      if (!flags.quiet) process.stdout.write(`${said}\n`)
    })
}

function applyCommand(): Command {
  const command = new Command('apply').description('take deformed images back')
  return withMachineFlags(withFields(command, recoverSchema))
    .option('-o, --out <file>', 'needed: .npz (with the displacements), .npy or .png; several', several)
    .addHelpText(
      'after',
      `
Examples:
  saltus recovery apply -m recovery.onnx --input deformed.npz -o back.npz
  saltus recovery apply -m r.onnx --input moving.png --before fixed.png -o pair.npz`,
    )
    .action(async (flags: RecoverJob & DrawingFlags) => {
      const job = jobOf(recoverSchema, flags)
      const out = given('recovery apply', '--out', flags.out)
      for (const path of out) demandWritable(path)
      await watched({ ...flags, name: 'recovery' }, async context => {
        const found = await recover(job, context)
        for (const path of out) for (const { name, bytes } of await found.files(path)) writeWhole(name, bytes)
        if (!flags.quiet) process.stdout.write(`${found.said}\n`)
      })
    })
}
