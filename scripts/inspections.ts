/**
 * What the cards say of the inside of models: node dist/scripts/inspections.js MODEL[=DATA[,ATTRIBUTES]]… [--samples N] [--calls K] [--probes N]
 *   [--count N] [--loops N] [--around N] [--draws N] [--taus LIST] [--only LIST]
 *
 * Prints the section of each card, and after it the JSON that it is made of, in a comment.
 */
import { parseArgs } from 'node:util'
import { nameOf } from '../src/jobs/files.ts'
import { inspectSchema } from '../src/jobs/inspect/fields.ts'
import { type Inspection, inspect } from '../src/jobs/inspect/inspect.ts'
import { checked } from '../src/jobs/schema.ts'
import { machine } from '../src/node/machine.ts'
import { demandWords } from './words.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: 'string' },
    calls: { type: 'string' },
    probes: { type: 'string' },
    taus: { type: 'string' },
    only: { type: 'string' },
    // Of volumes fewer: a call of the network is a whole one.
    count: { type: 'string' },
    loops: { type: 'string' },
    around: { type: 'string' },
    draws: { type: 'string' },
  },
})
const short = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(2))) : '–')
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

for (const word of demandWords('inspections.js MODEL', positionals)) {
  const [model, given = ''] = word.split('=')
  const [data, attributes] = given.split(',')
  const paths = { ...(data ? { data } : {}), ...(attributes ? { attributes } : {}) }
  const job = checked('inspect', inspectSchema, { model, ...paths, ...values })
  const found = await inspect(job, machine())
  process.stdout.write(`\n# ${model}\n\n${sectionOf(found)}\n<!-- ${JSON.stringify(found)} -->\n`)
}

function sectionOf({ images, conservativity, dimension, scales, gap, probe }: Inspection): string {
  const taus = (
    conservativity?.map(({ tau }) => tau) ??
    dimension?.map(({ tau }) => tau) ??
    probe?.taus ??
    []
  ).map(short)
  const row = (name: string, cells: readonly string[]) => `| ${name} | ${cells.join(' | ')} |`
  const from = images.from === 'samples' ? 'samples of its own' : nameOf(images.from)
  return [
    '**Inside** (`saltus inspect`, [what the figures mean](../docs/inspect.md)), '.concat(
      `on ${images.count} ${from}:`,
    ),
    '',
    row('τ', taus),
    row(
      '---',
      taus.map(() => '---'),
    ),
    ...(conservativity
      ? [
          row(
            'pairs of hops, median (95 %)',
            conservativity.map(({ pair }) => `${short(pair.median)} (${short(pair.high)})`),
          ),
          row(
            'plaquettes, median (95 %)',
            conservativity.map(({ curl }) => `${short(curl.median)} (${short(curl.high)})`),
          ),
        ]
      : []),
    ...(dimension
      ? [
          row(
            'directions that carry the answer',
            dimension.map(({ effective }) => short(effective.median)),
          ),
        ]
      : []),
    ...(probe
      ? probe.attributes.map(({ name, right, guess }) =>
          row(`${name}, read (guess ${percent(guess)})`, right.map(percent)),
        )
      : []),
    '',
    ...(gap
      ? [
          `Between samples of noise 0 and 1 the Fréchet distance is ${short(gap.frechet)}, between two sets of noise 1 ${short(gap.floor)} (${gap.samples} each, ${gap.features}).`,
        ]
      : []),
    ...(scales
      ? [
          `Its images' octaves live until τ = ${scales.bands.map(({ from, to, life }) => `${short(life)} (${from} to ${to} sites)`).join(', ')}.`,
        ]
      : []),
    ...(probe && probe.attributes.length > 1
      ? [
          `Each attribute at its own time: ${percent(probe.own)} on average; all at the best one time: ${percent(probe.one)}.`,
        ]
      : []),
  ].join('\n')
}
