/** How each quantity is measured: one function each, long work in pieces. */
import { clusters, spans } from './clusters.ts'
import { type Euler, euler } from './euler.ts'
import { interfacesWork, specificSurfaceWork, triplePointsWork } from './interfaces.ts'
import { type Labels, type Mask, type PerAxis, perAxis, phaseOf } from './labels.ts'
import { type Lone, loneWork } from './lone.ts'
import type { Measured, MeasureOptions, Phases, PoreSizes, Topology } from './measured.ts'
import { percolates } from './percolation.ts'
import { porosimetry } from './porosimetry.ts'
import { profiles } from './profiles.ts'
import type { Quantity } from './quantity.ts'
import { representative } from './representative.ts'
import { type Chords, chordsWork, linealPathWork } from './runs.ts'
import { localThickness } from './thickness.ts'
import { electrodeTransport } from './transport/electrode.ts'
import { type Transport, transport } from './transport/tortuosity.ts'
import { twoPoint } from './two-point.ts'
import { type Work, within } from './work.ts'

type Part = Partial<Measured>

export interface Task extends MeasureOptions {
  readonly labelled: Labels
  readonly mask: Mask
  /** 1 in the sample, where not all is. */
  readonly inside?: Mask
  readonly phase: number
  readonly periodic: boolean
  /** In steps. */
  readonly reach: number
  readonly spacing: readonly number[]
  /** The shortest side of a site. */
  readonly step: number
  /** The labels that are there. */
  readonly present: readonly number[]
  /** How many labels are listed. */
  readonly labels: number
}

export const parts: Record<Quantity, (task: Task) => Part | Work<Part>> = {
  *s2({ mask, inside, periodic, reach, spacing }) {
    return { s2: yield* twoPoint(mask, { periodic, range: reach, spacing, inside }) }
  },
  *linealPath({ mask, inside, periodic, reach, spacing, step }) {
    const { shape } = mask
    const axes: Float64Array[] = []
    for (const [axis, length] of shape.entries()) {
      const range = length === 1 ? reach : Math.floor((reach * step) / spacing[axis] + 1e-9)
      const path = linealPathWork(mask, axis, { periodic, range, inside })
      axes.push(yield* within(path, axis / shape.length, 1 / shape.length))
    }
    const mean = Float64Array.from({ length: reach + 1 }, (_, r) => {
      // An axis of one site has no segments.
      const known = axes
        .map((curve, axis) => between(curve, (r * step) / spacing[axis]))
        .filter(value => !Number.isNaN(value))
      return known.reduce((sum, value) => sum + value, 0) / known.length
    })
    return { linealPath: { ...perAxis(shape.length, axis => axes[axis]), mean } }
  },
  *chords({ mask, inside, periodic, spacing }) {
    const found: Chords[] = []
    for (let axis = 0; axis < mask.shape.length; axis++) {
      const along = chordsWork(mask, axis, { periodic, inside })
      const { counts, mean } = yield* within(along, axis / mask.shape.length, 1 / mask.shape.length)
      found.push({ counts, mean: mean * spacing[axis] })
    }
    return { chords: mapped(found, one => one) }
  },
  *poreSizes({ mask, inside, spacing, step }) {
    return { poreSizes: poreSizesOf(yield* localThickness(mask, { spacing, inside }), step) }
  },
  *exactPoreSizes({ mask, inside, spacing, step }) {
    const found = yield* localThickness(mask, { spacing, inside, walls: 'centres' })
    return { exactPoreSizes: poreSizesOf(found, step) }
  },
  *specificSurface({ labelled, phase, periodic, spacing }) {
    return { specificSurface: yield* specificSurfaceWork(labelled, { phase, periodic, spacing }) }
  },
  *interfaces({ labelled, periodic, labels, spacing }) {
    const found = yield* within(interfacesWork(labelled, { periodic, labels, spacing }), 0, 0.5)
    const three = Object.keys(found).length > 1
    if (!three) return { interfaces: found }
    const points = yield* within(triplePointsWork(labelled, { periodic, spacing }), 0.5, 0.5)
    return { interfaces: found, triplePoints: points }
  },
  *euler({ labelled, present, spacing }) {
    const found: Phases<Euler> = {}
    const volume = spacing.reduce((product, side, axis) => product * (labelled.shape[axis] > 1 ? side : 1), 1)
    for (const [i, label] of present.entries()) {
      const own = yield* within(euler(labelled, label), i / present.length, 1 / present.length)
      found[label] = {
        ...own,
        specific: own.specific / volume,
        specificByCorners: own.specificByCorners / volume,
      }
    }
    return { euler: found }
  },
  *clusters({ labelled, present }) {
    const found: Phases<Topology> = {}
    for (const [i, label] of present.entries())
      found[label] = yield* within(topology(labelled, label), i / present.length, 1 / present.length)
    return { clusters: found }
  },
  *lone({ labelled, present, periodic }) {
    const found: Phases<Lone> = {}
    for (const [i, label] of present.entries()) {
      const own = loneWork(labelled, label, { periodic })
      found[label] = yield* within(own, i / present.length, 1 / present.length)
    }
    return { lone: found }
  },
  *profiles({ labelled, labels }) {
    const found: Float64Array[][] = []
    for (let axis = 0; axis < labelled.shape.length; axis++) {
      found.push(profiles(labelled, axis, labels))
      yield axis / labelled.shape.length
    }
    return { profiles: mapped(found, one => one) }
  },
  *representative({ labelled, phase, spacing }) {
    return { representative: yield* representative([labelled], { phase, spacing }) }
  },
  *percolates({ mask }) {
    const found = yield* percolates(mask)
    return { percolates: perAxis(mask.shape.length, axis => found[axis]) }
  },
  *porosimetry({ mask, spacing, step }) {
    const axes = mask.shape.length
    const found: { sizes: PoreSizes; breakthrough: number }[] = []
    for (let axis = 0; axis < axes; axis++) {
      const { diameter, breakthrough } = yield* within(
        porosimetry(mask, { axis, spacing }),
        axis / axes,
        1 / axes,
      )
      const squares = diameter.map(own => own * own)
      found.push({ sizes: poreSizesOf(squares, step), breakthrough })
    }
    return {
      porosimetry: perAxis(axes, axis => found[axis].sizes),
      breakthrough: perAxis(axes, axis => found[axis].breakthrough),
    }
  },
  *tortuosity(task) {
    const found = yield* transports(task, false)
    return {
      tortuosity: mapped(found, one => one.tortuosity),
      relativeDiffusivity: mapped(found, one => one.relativeDiffusivity),
    }
  },
  *periodicTortuosity(task) {
    const found = yield* transports(task, true)
    return { periodicTortuosity: mapped(found, one => one.tortuosity) }
  },
  *electrodeTortuosity(task) {
    const { labelled, spacing, periodic } = task
    const axes = labelled.shape.length
    const found: number[] = []
    for (let axis = 0; axis < axes; axis++) {
      const work = electrodeTransport(labelled, axis, {
        conductivity: conductivityOf(task),
        spacing,
        periodic,
      })
      found.push((yield* within(work, axis / axes, 1 / axes)).tortuosity)
    }
    return { electrodeTortuosity: mapped(found, one => one) }
  },
}

/** What conducts: what was told, else the phase alone. */
export const conductivityOf = ({ conductivity, phase }: Pick<Task, 'conductivity' | 'phase'>): number[] =>
  conductivity
    ? [...conductivity]
    : Array.from({ length: phase + 1 }, (_, label) => (label === phase ? 1 : 0))

const mapped = <T, U>(axes: readonly T[], of: (one: T) => U): PerAxis<U> =>
  perAxis(axes.length, axis => of(axes[axis]))

function* transports(task: Task, periodic: boolean): Work<Transport[]> {
  const { labelled, spacing } = task
  const axes = labelled.shape.length
  const found: Transport[] = []
  for (let axis = 0; axis < axes; axis++) {
    const work = transport(labelled, axis, { conductivity: conductivityOf(task), spacing, periodic })
    found.push(yield* within(work, axis / axes, 1 / axes))
  }
  return found
}

/** The value of a curve between two places on the straight line; NaN beyond its end. */
function between(curve: Float64Array, at: number): number {
  const below = Math.floor(at + 1e-9)
  const part = at - below
  if (below >= curve.length) return Number.NaN
  if (part < 1e-9) return curve[below]
  return below + 1 < curve.length ? (1 - part) * curve[below] + part * curve[below + 1] : Number.NaN
}

/** Loops and cavities need the Euler number: clusters − loops + cavities, in 2-D clusters − holes. */
function* topology(labelled: Labels, label: number): Work<Topology> {
  const mask = phaseOf(labelled, label)
  const found = yield* within(clusters(mask), 0, 0.4)
  const { sizes, sides } = found
  const count = sizes.length - 1
  const axes = labelled.shape.length
  const connected = new Float64Array(axes)
  let [total, closed, largest] = [0, 0, 0]
  for (let cluster = 1; cluster <= count; cluster++) {
    total += sizes[cluster]
    if (sizes[cluster] > largest) largest = sizes[cluster]
    if (sides[cluster] === 0) closed += sizes[cluster]
    for (let axis = 0; axis < axes; axis++) if (spans(found, cluster, axis)) connected[axis] += sizes[cluster]
  }
  yield 0.4
  const rest = new Uint8Array(mask.data.length)
  for (let i = 0; i < rest.length; i++) rest[i] = 1 - mask.data[i]
  const beyond = yield* within(clusters({ data: rest, shape: mask.shape }, { corners: true }), 0.4, 0.4)
  let enclosed = 0
  for (let cluster = 1; cluster < beyond.sizes.length; cluster++) if (beyond.sides[cluster] === 0) enclosed++
  const { number } = yield* within(euler(labelled, label), 0.8, 0.2)
  const solid = labelled.shape.filter(length => length > 1).length === 3
  const loops = solid ? count + enclosed - number : count - number
  const connectedShare = perAxis(axes, axis => connected[axis] / total)
  return { count, closed: closed / total, largest: largest / total, connected: connectedShare, loops }
}

/** Counts by rounded size; `squares` are 0 outside the phase and where nothing gets. */
function poreSizesOf(squares: Float32Array, step: number): PoreSizes {
  let counts = new Float64Array(64)
  let [sum, sites, longest] = [0, 0, 0]
  for (let i = 0; i < squares.length; i++) {
    if (squares[i] === 0) continue
    if (squares[i] === Number.POSITIVE_INFINITY)
      return { counts: new Float64Array(0), mean: Number.POSITIVE_INFINITY }
    const size = Math.sqrt(squares[i])
    const bin = Math.round(size / step)
    if (bin >= counts.length) {
      const more = new Float64Array(2 * bin)
      more.set(counts)
      counts = more
    }
    counts[bin]++
    if (bin > longest) longest = bin
    sum += size
    sites++
  }
  return { counts: counts.slice(0, sites > 0 ? longest + 1 : 0), mean: sum / sites }
}
