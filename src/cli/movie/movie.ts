/** `saltus movie`: how samples come about, and how images are lost, as a strip of frames or an animation. */
import { Command } from 'commander'
import { demandMovie, movie, movieFields, movieSchema } from '../../jobs/movie/movie.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { type DrawingFlags, watched, withDrawingFlags } from '../drawing-flags.ts'
import { jobOf, withFields } from '../flags.ts'
import { duration } from '../progress.ts'
import { type ListedFlags, listed } from '../sample/listed.ts'
import { withAskedFlags } from '../sample/sample.ts'
import { given, several } from '../usage.ts'

export function movieCommand(): Command {
  const command = new Command('movie').description(
    'show how samples come about from noise, or how images are lost in it, with the mass under each frame',
  )
  withFields(withAskedFlags(command, 1), movieFields).option(
    '-o, --out <file>',
    'needed: .png (a strip: a row for each image), .gif or .apng; may be given several times',
    several,
  )
  return withDrawingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  saltus movie --mass 26000 --out digit.gif
  saltus movie --model berea --porosity 0.2 --out rock.png
  saltus movie --input digit.png --direction forward --out lost.apng`,
    )
    .action((flags: DrawingFlags & ListedFlags) => run(flags))
}

async function run(flags: DrawingFlags & ListedFlags): Promise<void> {
  const out = given('movie', '--out', flags.out)
  for (const path of out) {
    demandMovie(path)
    demandWritable(path)
  }
  await watched({ ...flags, name: 'sampling' }, async context => {
    const began = performance.now()
    const shot = await movie(jobOf(movieSchema, listed(flags)), context, out)
    for (const path of out) {
      const { name, bytes } = shot.file(path)
      writeWhole(name, bytes)
    }
    if (flags.quiet) return
    const many = `${shot.images} image${shot.images > 1 ? 's' : ''}`
    process.stdout.write(
      `A movie of ${many} in ${duration((performance.now() - began) / 1000)}; ${shot.said}\n`,
    )
  })
}
