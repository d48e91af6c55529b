/** `saltus flow interface`: interfaces of a scalar by fuzzy clusters, and means of a field by the distance to one. */
import { Command } from 'commander'
import { lineChart, type Point, stacked } from '../../formats/chart.ts'
import { heatMap } from '../../formats/heat-map.ts'
import {
  conditional,
  fuzzyCentres,
  interfaceDistance,
  mover,
  thresholds,
  vorticityField,
} from '../../physics/index.ts'
import { demandEndings, short, writeResult } from '../physical/outputs.ts'
import { decimal, given, several, whole } from '../usage.ts'
import { squareField } from './fields.ts'

interface Flags {
  readonly vorticity?: string
  readonly index: number
  readonly time: number
  readonly clusters: number
  readonly which: number
  readonly range: number
  readonly out?: string[]
  readonly json: boolean
}

export function interfaceCommand(): Command {
  return new Command('interface')
    .description(
      'a scalar carried by the flow of a vorticity: clusters, interfaces, enstrophy by the distance to one',
    )
    .option('--vorticity <file>', 'needed: .npy or .npz [n, n] or [N, n, n] on a periodic square')
    .option('--index <i>', 'which field', whole('--index', { least: 0 }), 0)
    .option('--time <T>', 'how long a stripe of scalar is carried', decimal('--time', { least: 0 }), 2)
    .option('--clusters <n>', 'clusters of the scalar', whole('--clusters', { least: 2, most: 20 }), 4)
    .option('--which <k>', 'the interface above the k-th cluster', whole('--which', { least: 1 }), 1)
    .option('--range <sites>', 'how far from the interface', decimal('--range', { above: 0 }), 12)
    .option('--out <file>', '.svg or .npz; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus flow interface --vorticity vorticity.npz --out interface.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  const path = given('flow interface', '--vorticity', flags.vorticity)
  demandEndings(flags.out, ['.svg', '.npz'])
  const { values, n } = squareField(path, flags.index)
  const size = 2 * Math.PI
  const scalar = carried(values, { n, time: flags.time })
  const centres = fuzzyCentres(scalar, flags.clusters)
  const levels = thresholds(centres)
  const level = levels[Math.min(levels.length, flags.which) - 1]
  const distance = interfaceDistance({ values: scalar, shape: [n, n], periodic: true }, level)
  const found = conditional(
    values.map(w => w * w),
    distance,
    { range: flags.range },
  )
  await writeResult(flags.out, {
    pictures: async () =>
      stacked([
        await heatMap({
          title: `A scalar after T = ${flags.time}, clusters at ${centres.map(c => short(c, 3)).join(', ')}`,
          values: scalar,
          shape: [n, n],
          x: { label: 'x', range: [0, size] },
          y: { label: 'y', range: [0, size] },
          colour: { label: 'scalar' },
        }),
        await lineChart({
          title: `Enstrophy by the distance to the interface at ${short(level, 3)}`,
          x: { label: 'distance (sites; positive: more scalar)' },
          y: { label: 'mean of the squared vorticity' },
          series: [
            {
              name: 'conditional mean',
              points: Array.from(found.middle, (d, i): Point => [d, found.mean[i]]),
            },
          ],
          width: 560,
          height: 320,
        }),
      ]),
    arrays: () => ({
      scalar: { data: scalar, shape: [n, n] },
      distance: { data: distance, shape: [n, n] },
      mean: { data: found.mean, shape: [found.mean.length] },
      middle: { data: found.middle, shape: [found.middle.length] },
    }),
  })
  const near = found.mean[found.mean.length >> 1]
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ centres, levels, level, distance: [...found.middle], enstrophy: [...found.mean], sites: [...found.sites] })}\n`,
    )
  else
    process.stdout.write(
      `clusters ${centres.map(c => short(c, 3)).join(', ')}; interface at ${short(level, 3)}, enstrophy beside it ${short(near)}\n`,
    )
}

/** A stripe ½(1 + cos y) carried by the frozen flow: every site looks back along its path. */
function carried(vorticity: Float64Array, { n, time }: { n: number; time: number }): Float64Array {
  const size = 2 * Math.PI
  const move = mover(vorticityField(vorticity, n))
  const point = new Float64Array(2)
  return vorticity.map((_, at) => {
    point[0] = ((at % n) * size) / n
    point[1] = (Math.floor(at / n) * size) / n
    if (time > 0) move(point, { from: time, to: 0, tolerance: 1e-6 })
    return 0.5 * (1 + Math.cos(point[1]))
  })
}
