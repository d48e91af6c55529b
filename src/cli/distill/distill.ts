/** `saltus distill`: a student of a model, for few calls. */
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { distillSchema, studentOptions } from '../../jobs/distill/distill.ts'
import { decodeModelFile } from '../../model/file.ts'
import { modelBytes } from '../../node/models.ts'
import { jobOf, withFields } from '../flags.ts'
import { runFolder } from '../train/run-folder.ts'
import { type RunFlags, runIn, wholePaths, withRunFlags } from '../train/train.ts'
import { given } from '../usage.ts'

export const distillCommand = (): Command =>
  withRunFlags(
    withFields(
      new Command('distill').description(
        'train a student of a model, for few calls: it draws origins where the model tells their mean',
      ),
      distillSchema,
    ),
  )
    .addHelpText(
      'after',
      `
A student is a run like any other: saltus train --out FOLDER --resume goes on with it.

Examples:
  saltus distill --model mnist --calls 4 --data mnist/ -o runs/mnist-4
  saltus sample --model runs/mnist-4/model.onnx --count 64 --out digits.png`,
    )
    .action(async (flags: RunFlags & { readonly model?: string }) => {
      const folder = runFolder(given('distill', '--out', flags.out))
      const job = jobOf(distillSchema, { ...flags, model: given('distill', '--model', flags.model) })
      await runIn(folder, { ...flags, name: 'distill' }, () => {
        const { bytes, file } = modelBytes(job.model!)
        const { description } = decodeModelFile(bytes, file)
        const options = wholePaths(studentOptions(job, description, { from: job.model! }))
        if (job.data === undefined && !existsSync(options.data))
          throw new UsageError(
            cannot('distill', '--data', `given: ${description.data.name} is not here`, undefined),
          )
        return options
      })
    })
