/** `saltus graph compare`: how far drawn graphs are from others, by degrees, clustering and orbits. */
import { Command } from 'commander'
import { loadGraphs } from '../../jobs/input/graphs.ts'
import { graphDistances, novelty } from '../../metrics/graphs.ts'
import { readBytes } from '../../node/files.ts'
import { given } from '../usage.ts'

interface Flags {
  readonly samples?: string
  readonly reference?: string
  readonly learned?: string
  readonly json: boolean
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('how far small graphs are from others: MMD² of degrees, clustering coefficients and orbits')
    .option('--samples <file>', 'a list of graphs, .json [{n, edges}, …]')
    .option('--reference <file>', 'the graphs that they shall be like')
    .option(
      '--learned <file>',
      'the graphs of the training: how many samples are none of these, and how far they are',
    )
    .option('--json', 'print one JSON object', false)
    .action(run)
}

function run(flags: Flags): void {
  const read = (flag: '--samples' | '--reference', path: string | undefined) =>
    loadGraphs(given('graph compare', flag, path), { files: { read: readBytes } })
  const samples = read('--samples', flags.samples)
  const reference = read('--reference', flags.reference)
  const learned =
    flags.learned === undefined ? undefined : loadGraphs(flags.learned, { files: { read: readBytes } })
  const found = {
    samples: samples.length,
    reference: reference.length,
    ...graphDistances(samples, reference),
    ...(learned && { novel: novelty(samples, learned), learned: graphDistances(learned, reference) }),
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(found)}\n`)
    return
  }
  const told = ({ degree, clustering, orbits, mean }: typeof found) =>
    `degree ${degree.toFixed(4)}, clustering ${clustering.toFixed(4)}, orbits ${orbits.toFixed(4)}, mean ${mean.toFixed(4)}`
  const lines = [`${found.samples} samples beside ${found.reference} graphs: ${told(found)}`]
  if (found.learned) {
    lines.push(`The graphs of the training beside these: ${told({ ...found, ...found.learned })}`)
    lines.push(`${(100 * (found.novel ?? 0)).toFixed(1)} % of the samples are none of the training`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}
