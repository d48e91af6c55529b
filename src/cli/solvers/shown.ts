/** The tables of `saltus solvers`, and their charts. */
import { lineChart } from '../../formats/chart.ts'
import type { NoiseRow, OrderRow, Recovered, Recovery } from '../../sampling/study/index.ts'

/** One solver on the known images. */
export interface Drawn extends Omit<Recovery, 'nearest'> {
  readonly solver: string
}

interface Measured {
  readonly stability: readonly {
    readonly order: number
    readonly damping: number
    readonly limit: number
  }[]
  readonly orders: readonly OrderRow[]
  readonly noises: readonly NoiseRow[]
  readonly drawn?: {
    readonly images: number
    readonly samples: number
    readonly mass: number
    readonly solvers: readonly Drawn[]
    readonly perfect: Omit<Recovered, 'nearest'>
  }
}

const small = (value: number) => value.toExponential(2)

export function table({ stability, orders, noises, drawn }: Measured): string {
  const lines = [
    'Real-axis limit of a step, λ h of x′ = −λ x',
    ...rows([
      ['order', 'damping β', 'limit', '2 − β'],
      ...stability.map(({ order, damping, limit }) => [
        String(order),
        String(damping),
        limit.toFixed(4),
        order === 2 ? String(2 - damping) : '',
      ]),
    ]),
    '',
    'Total variation to the exact law at t = 0.05, by calls from t = 1; orders from 32 calls on',
    ...rows([
      ['law', 'solver', ...orders[0].points.map(({ calls }) => String(calls)), 'order', 'to its own limit'],
      ...orders.map(({ law, solver, points, order, ownOrder }) => [
        law,
        solver,
        ...points.map(({ error }) => small(error)),
        order.toFixed(2),
        ownOrder.toFixed(2),
      ]),
    ]),
    '',
    'cfl on 3 units on a ring of 5, at t = 0: total variation by ε, and in the limit of small steps',
    ...rows([
      ['noise η', 'rates', ...noises[0].points.map(({ fraction }) => `ε ${fraction}`), 'limit'],
      ...noises.map(({ noise, rates, points, limit }) => [
        String(noise),
        rates,
        ...points.map(({ error }) => error.toFixed(4)),
        limit.toFixed(4),
      ]),
    ]),
  ]
  if (drawn) {
    const { images, samples, mass, solvers, perfect } = drawn
    const row = (name: string, { misplaced, distinct, repeats, chiSquare, counts }: typeof perfect) => [
      name,
      misplaced.toFixed(2),
      String(distinct),
      repeats.toFixed(2),
      chiSquare.toFixed(1),
      counts.join(' '),
    ]
    lines.push(
      '',
      `${samples} samples of a mixture of ${images} images of ${mass} units, exact origins`,
      ...rows([
        ['solver', '% misplaced', 'distinct', 'repeats', 'χ² of classes', 'classes'],
        ...solvers.map(one => row(one.solver, one)),
        row('drawn at random', perfect),
      ]),
    )
  }
  return `${lines.join('\n')}\n`
}

/** Columns under each other, the first word of each line to the left. */
function rows(cells: readonly (readonly string[])[]): string[] {
  const wide = cells[0].map((_, c) => Math.max(...cells.map(row => row[c].length)))
  return cells.map(row =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(wide[c]) : cell.padStart(wide[c])))
      .join('  ')
      .trimEnd(),
  )
}

export function variationChart(orders: readonly OrderRow[]): Promise<string> {
  return lineChart({
    title: 'Total variation to the exact law',
    x: { label: 'calls', log: true },
    y: { label: 'total variation', log: true },
    series: orders.map(({ law, solver, points }) => ({
      name: `${solver}, ${law}`,
      points: points.map(({ calls, error }) => [calls, error] as const),
    })),
  })
}

export function recoveryChart(drawn: readonly Drawn[]): Promise<string> {
  const of = (kind: string) =>
    drawn
      .filter(({ solver }) => solver.startsWith(kind))
      .map(({ calls, repeats }) => [calls, repeats] as const)
  return lineChart({
    title: 'Repeated images among samples under exact origins',
    x: { label: 'calls', log: true },
    y: { label: 'pairs of one image, over those that there should be' },
    series: ['ancestral', 'multistep'].map(name => ({ name, points: of(name) })),
  })
}
