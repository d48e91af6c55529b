/** `saltus flow`: how a flow stretches, mixes and keeps apart; interfaces of a scalar; shear dispersion. */
import { Command } from 'commander'
import { demand } from '../../base/errors.ts'
import { heatMap } from '../../formats/heat-map.ts'
import { type FlowGrid, flowFields } from '../../physics/index.ts'
import { demandEndings, short, under, writeResult } from '../physical/outputs.ts'
import { decimal, listOf, oneOf, several, whole } from '../usage.ts'
import { presets, vorticityFlow } from './fields.ts'
import { interfaceCommand } from './interface.ts'
import { shearCommand } from './shear.ts'

interface Flags {
  readonly flow: keyof typeof presets
  readonly vorticity?: string
  readonly index: number
  readonly grid: number[]
  readonly from: number
  readonly time?: number
  readonly pieces: number
  readonly tolerance: number
  readonly field: 'ftle' | 'barriers'
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function flowCommand(): Command {
  return new Command('flow')
    .enablePositionalOptions()
    .description(
      'finite-time Lyapunov exponents and barriers to diffusion of a flow; interface and shear as sub-commands',
    )
    .option(
      '--flow <name>',
      Object.keys(presets).join(', '),
      oneOf('--flow', Object.keys(presets) as (keyof typeof presets)[]),
      'gyre',
    )
    .option(
      '--vorticity <file>',
      'instead: a vorticity on a periodic square, .npy or .npz [n, n] or [N, n, n]',
    )
    .option('--index <i>', 'which field of the file', whole('--index', { least: 0 }), 0)
    .option('--grid <rows,columns>', 'points', listOf(whole('--grid', { least: 1, most: 4000 })), [60, 120])
    .option('--from <t>', 'beginning', decimal('--from'), 0)
    .option('--time <T>', 'how long; negative: backwards (default: that of the preset)', decimal('--time'))
    .option(
      '--pieces <n>',
      'times over which barriers are averaged',
      whole('--pieces', { least: 1, most: 1000 }),
      10,
    )
    .option('--tolerance <e>', 'error of a step', decimal('--tolerance', { above: 0, most: 0.1 }), 1e-10)
    .option('--field <name>', 'what is drawn', oneOf('--field', ['ftle', 'barriers'] as const), 'ftle')
    .option('--out <file>', '.svg or .npz; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus flow --grid 150,300 --out gyre.svg
  saltus flow --vorticity vorticity.npz --index 3 --field barriers --out barriers.svg
`,
    )
    .action((flags: Flags) => run(flags))
    .addCommand(interfaceCommand())
    .addCommand(shearCommand())
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.npz'])
  const preset = flags.vorticity ? vorticityFlow(flags.vorticity, flags.index) : presets[flags.flow]
  const span = flags.time ?? preset.time
  demand(
    span !== 0 && flags.grid.length === 2,
    'map a flow',
    '--grid and --time',
    'rows,columns and a time',
    [...flags.grid, span],
  )
  const [rows, columns] = flags.grid
  const grid: FlowGrid = {
    ...{ velocity: preset.velocity, x: preset.x, y: preset.y, shape: [rows, columns] },
    ...{ from: flags.from, to: flags.from + span, tolerance: flags.tolerance, pieces: flags.pieces },
  }
  const fields = await under('flow', flowFields(grid), flags.quiet)
  const values = flags.field === 'ftle' ? fields.ftle : fields.barriers.map(Math.log10)
  await writeResult(flags.out, {
    pictures: () =>
      heatMap({
        title: `${preset.name}: ${flags.field === 'ftle' ? 'finite-time Lyapunov exponent' : 'barriers to diffusion'}, T = ${span}`,
        values,
        shape: [rows, columns],
        x: { label: 'x', range: preset.x },
        y: { label: 'y', range: preset.y },
        colour: { label: flags.field === 'ftle' ? 'FTLE (1/time)' : 'log10 of mean tr C⁻¹' },
        width: 760,
        height: Math.round(170 + (620 * (preset.y[1] - preset.y[0])) / (preset.x[1] - preset.x[0])),
      }),
    arrays: () => ({
      ftle: { data: fields.ftle, shape: [rows, columns] },
      barriers: { data: fields.barriers, shape: [rows, columns] },
      map: { data: fields.map, shape: [rows, columns, 2] },
    }),
  })
  const sorted = fields.ftle.slice().sort()
  const summary = {
    least: sorted[0],
    median: sorted[sorted.length >> 1],
    largest: sorted[sorted.length - 1],
  }
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ flow: preset.name, time: span, grid: [rows, columns], ftle: summary })}\n`,
    )
  else
    process.stdout.write(
      `FTLE of ${preset.name} over ${span}: ${short(summary.least, 7)} … ${short(summary.largest, 7)}, median ${short(summary.median, 7)}\n`,
    )
}
