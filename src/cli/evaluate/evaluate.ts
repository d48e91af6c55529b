/** `saltus evaluate`: how near samples are to real images, or how many bits these cost under a model. */
import { Command, Option } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { type BitsReport, bits, bitsSchema } from '../../jobs/evaluate/bits.ts'
import { type Evaluation, evaluate, evaluateSchema, type Spread } from '../../jobs/evaluate/evaluate.ts'
import { bitsShard } from '../../jobs/shard/bits.ts'
import { type Shard, shardField } from '../../jobs/shard/shard.ts'
import { type Device, devices } from '../../runtime/onnxruntime-node.ts'
import { watched } from '../drawing-flags.ts'
import { jobOf, parserOf, withFields } from '../flags.ts'
import { partBy } from '../shard-by.ts'
import { given, oneOf, onlyFolder } from '../usage.ts'

interface Flags {
  readonly bits: boolean
  readonly shard?: Shard
  readonly out?: string
  readonly device: Device
  readonly json: boolean
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'compare samples with real images: masses, counts per pixel, Fréchet distance, recognised classes; or bound the bits of real images',
  )
  return withFields(withFields(command, evaluateSchema), bitsSchema, ['reference'])
    .option('--device <name>', devices.join(', '), oneOf('--device', devices), 'cpu')
    .option('--json', 'print one JSON object', false)
    .addOption(
      new Option(`--shard ${shardField.argument}`, `bits: ${shardField.help}`).argParser(
        parserOf(shardField, '--shard'),
      ),
    )
    .option('--out <folder>', 'bits: where parts go, for saltus merge')
    .option('--bits', 'instead: bits per count of the reference under --model, by the path likelihood', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus evaluate --samples digits.npz --reference mnist/ --real mnist/
  saltus evaluate --bits --model mnist --reference mnist/ --count 64`,
    )
    .action(async (flags: Flags, command: Command) => {
      demandFitting(flags, command)
      const lines = await watched({ ...flags, name: 'bits', quiet: flags.json }, async context => {
        const { shard, json } = flags
        if (shard) {
          const folder = onlyFolder([given('evaluate', '--out', flags.out)])
          const part = await bitsShard(jobOf(bitsSchema, flags), shard, context)
          return (await partBy(part, { folder, shard, json, noun: 'images' })).trimEnd()
        }
        const found = flags.bits
          ? await bits(jobOf(bitsSchema, flags), context)
          : await evaluate(jobOf(evaluateSchema, flags), context)
        if (flags.json) return JSON.stringify(found)
        return 'nats' in found ? bitsText(found) : text(found)
      })
      process.stdout.write(`${lines}\n`)
    })
}

/** Bits take no samples, and samples none of what is said of bits. */
function demandFitting({ bits, shard }: Flags, command: Command): void {
  if (shard && !bits) throw new UsageError(cannot('evaluate', '--shard', 'left out without --bits', 'given'))
  const others = Object.keys(bits ? evaluateSchema : bitsSchema).filter(name => name !== 'reference')
  for (const name of others)
    if (command.getOptionValueSource(name) === 'cli')
      throw new UsageError(
        cannot('evaluate', `--${name}`, `left out with${bits ? '' : 'out'} --bits`, 'given'),
      )
}

function text(e: Evaluation): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const masses = ({ least, mean, most }: Spread) => `${least} … ${most}, mean ${mean.toFixed(1)}`
  return [
    `images      ${e.samples} samples against ${e.reference} real images`,
    `mass        samples ${masses(e.mass.samples)}; real ${masses(e.mass.reference)}`,
    `counts      at most ${e.largest.samples}, real ${e.largest.reference}; total variation between the histograms per pixel ${e.histogram.toFixed(4)}`,
    `Fréchet     ${e.frechet.toFixed(4)} by ${e.features}; real against real ${e.floor.toFixed(4)}; ratio ${(e.frechet / e.floor).toFixed(1)}`,
    ...(e.sure === undefined || e.sureReference === undefined
      ? []
      : [
          `sure        ${percent(e.sure)} of the samples recognised with probability ≥ 0.9; real ${percent(e.sureReference)}`,
        ]),
    ...(e.classes
      ? [`classes     ${e.classes.map((share, k) => `${k}: ${percent(share)}`).join('  ')}`]
      : []),
    ...(e.right === undefined
      ? []
      : [`right       ${percent(e.right)} recognised as the class that was asked for`]),
  ].join('\n')
}

function bitsText({
  images,
  dimensions,
  bits: mean,
  error,
  prior,
  nats,
  conserved,
  named,
}: BitsReport): string {
  const told = conserved > 0 ? 'given its masses, ' : ''
  return [
    `images      ${images} real images of ${dimensions} counts`,
    `bits        at most ${mean.toFixed(4)} ± ${error.toFixed(4)} per count, ${told}of which the limit law has ${prior.toFixed(4)}`,
    `nats        at most ${nats.toFixed(2)} for an image`,
    ...(named
      ? [
          'note        the bound is that of units with names, far above that of counts where many units share a site',
        ]
      : []),
  ].join('\n')
}
