/** `saltus encode` and `saltus decode`: images as the numbers that draw them, and back. */
import { Command } from 'commander'
import { type Coded, decode, decodeSchema, encode, encodeSchema } from '../../jobs/code/code.ts'
import type { Context } from '../../jobs/context.ts'
import type { Schema } from '../../jobs/schema.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { type DrawingFlags, watched, withMachineFlags } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { given, several } from '../usage.ts'

type Flags = DrawingFlags & { readonly out?: string[] }

export const encodeCommand = (): Command =>
  command('encode', encodeSchema, {
    about: 'write images as the numbers by which the sampler would draw them',
    kinds: '.npz',
    examples: 'saltus encode --input sevens.npz --class 7 -o z.npz',
    run: (flags, context) => encode(jobOf(encodeSchema, flags), context),
  })

export const decodeCommand = (): Command =>
  command('decode', decodeSchema, {
    about: 'draw images by the numbers of a code: the same ones, or by another class or model others alike',
    kinds: '.png, .npz or .npy',
    examples:
      'saltus decode --input z.npz --class 7 -o same.npz\n  saltus decode --input z.npz --class 9 -o nines.png',
    run: (flags, context) => decode(jobOf(decodeSchema, flags), context),
  })

interface Verb {
  readonly about: string
  readonly kinds: string
  readonly examples: string
  run(flags: Flags, context: Context): Promise<Coded>
}

function command(name: string, schema: Schema, { about, kinds, examples, run }: Verb): Command {
  const made = withFields(new Command(name).description(about), schema).option(
    '-o, --out <file>',
    `needed: ${kinds}; may be given several times`,
    several,
  )
  return withMachineFlags(made)
    .addHelpText('after', `\nExamples:\n  ${examples}`)
    .action(async (flags: Flags) => {
      const out = given(name, '--out', flags.out)
      for (const path of out) demandWritable(path)
      await watched({ ...flags, name }, async context => {
        const translated = await run(flags, context)
        for (const path of out)
          for (const { name: file, bytes } of await translated.files(path)) writeWhole(file, bytes)
        if (!flags.quiet) process.stdout.write(`${translated.said}\n`)
      })
    })
}
