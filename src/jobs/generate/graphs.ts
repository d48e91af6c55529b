/** Small graphs: nodes and edges asked for by their numbers, or by graphs that have them. */
import { cannot, InvariantError, refused } from '../../base/errors.ts'
import { below, random } from '../../base/random.ts'
import { graphsOfCounts, type SmallGraph } from '../../graph/listed.ts'
import type { EdgesDescription } from '../../process/index.ts'
import { endingOf, type Files } from '../files.ts'
import { loadGraphs } from '../input/graphs.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, seedArray, span } from '../output/images.ts'
import type { Asking } from './asking.ts'
import type { Plan } from './samples.ts'

/** The stream of masses, far from those of the samples. */
const massStream = 2 ** 32

const endings = ['.json', '.svg']

const foreign = [
  'porosity',
  'fractions',
  'volume',
  'size',
  'class',
  'given',
  'givenWith',
  'guidance',
] as const

/** @throws UsageError for what the model cannot be told, RangeError for graphs larger than its own */
export function graphsPlan({ job, description, drawing }: Asking, files: Files): Plan {
  for (const name of foreign)
    if (job[name] !== undefined) throw refused('sample', name, 'left out with a model of graphs', 'given')
  const { nodes, kinds, ceiling = 1 } = description.process as EdgesDescription
  const masses = wished({ job, description }, { files, kinds })
  masses.forEach(([edges, ...sorts]) => {
    const n = total(sorts)
    const few = `from 3 to ${nodes}${job.like ? ' nodes a graph' : ''}, as the model has them`
    if (n < 3 || n > nodes) throw refused('sample', job.like ? 'like' : 'nodes', few, n)
    const room = (ceiling * n * (n - 1)) / 2
    const most = `at most ${room} edges between ${n} nodes`
    if (edges > room) throw refused('sample', job.like ? 'like' : 'mass', most, edges)
  })
  const count = masses.length
  const shape = [count, 1, nodes, nodes] as const
  return {
    noun: 'graphs',
    drawing: drawing(masses.map(own => ({ masses: own, label: undefined }))),
    warnings: [],
    names: path => (endings.includes(endingOf(path)) ? [path] : imageNames(path, shape, { also: endings })),
    finish({ counts, fingerprint }, record) {
      const graphs = graphsOfCounts(counts, { nodes, kinds })
      graphs.forEach((one, i) => {
        const got = massesOf(one, kinds)
        if (String(got) !== String(masses[i]))
          throw new InvariantError(cannot('sample', `edges and nodes of graph ${i}`, String(masses[i]), got))
      })
      const mass = { data: Uint32Array.from(masses.flat()), shape: [count, masses[0]?.length ?? 0] }
      const captions = masses.map(([edges, ...sorts]) => `${edges} IN ${total(sorts)}`)
      return {
        ...{ counts, shape, masses, record },
        classes: masses.map(() => undefined),
        said: `edges ${span(masses.map(([edges]) => edges))}, nodes ${span(masses.map(([, ...sorts]) => total(sorts)))}, as asked for`,
        async files(path) {
          const ending = endingOf(path)
          if (ending === '.json') return [{ name: path, bytes: textOf(graphs) }]
          if (ending === '.svg') {
            const { drawnGraphs } = await import('../../formats/graph-picture.ts')
            return [{ name: path, bytes: new TextEncoder().encode(drawnGraphs(graphs)) }]
          }
          const more = { mass, seed: seedArray(job.seed), fingerprint }
          return imageFiles(path, { counts, shape }, { captions, more, record })
        },
      }
    },
  }
}

const total = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0)

/** Edges, and nodes of each kind. */
function massesOf({ n, edges, weights, label }: SmallGraph, kinds: readonly string[] | undefined): number[] {
  const sorts = kinds?.map(kind => label?.filter(own => own === kind).length ?? 0)
  return [weights ? total(weights) : edges.length, ...(sorts ?? [n])]
}

/** What every sample shall have. */
function wished(
  { job, description }: Pick<Asking, 'job' | 'description'>,
  { files, kinds }: { readonly files: Files; readonly kinds?: readonly string[] },
): number[][] {
  const { count, mass, nodes, like } = job
  if (like !== undefined) {
    if (mass ?? nodes) throw refused('sample', 'like', 'left out with --mass and --nodes', like)
    const graphs = loadGraphs(like, { files })
    const strange = graphs.findIndex(
      ({ n, label }) => kinds && !(label?.length === n && label.every(own => kinds.includes(own))),
    )
    if (strange >= 0)
      throw refused('sample', 'like', `of the kinds of the model, ${kinds}`, graphs[strange].label)
    return Array.from({ length: count }, (_, i) => massesOf(graphs[i % graphs.length], kinds))
  }
  const known = description.data.masses
  const stream = random(job.seed).fork(massStream)
  const drawn = (ranges: typeof mass, i: number, rng: ReturnType<typeof random>) => {
    const [least, most] = ranges?.[i % ranges.length] ?? [0, 0]
    return least + (most > least ? below(rng, most - least + 1) : 0)
  }
  return Array.from({ length: count }, (_, i) => {
    const rng = stream.fork(i)
    const wantedNodes = nodes && drawn(nodes, i, rng)
    const wantedEdges = mass && drawn(mass, i, rng)
    // Training graphs as near as there are in what is asked for.
    const far = ([edges, ...sorts]: readonly number[]) =>
      Math.abs(total(sorts) - (wantedNodes ?? total(sorts))) * 1e4 + Math.abs(edges - (wantedEdges ?? edges))
    const least = Math.min(...known.map(far))
    const near = known.filter(own => far(own) === least)
    const [edges, ...sorts] = near[below(rng, near.length)]
    if (kinds && wantedNodes !== undefined && total(sorts) !== wantedNodes)
      throw refused('sample', 'nodes', 'as many as a training graph has, whose kinds are taken', wantedNodes)
    return [wantedEdges ?? edges, ...(kinds || wantedNodes === undefined ? sorts : [wantedNodes])]
  })
}

const textOf = (graphs: readonly SmallGraph[]): Uint8Array =>
  new TextEncoder().encode(`[\n${graphs.map(one => JSON.stringify(one)).join(',\n')}\n]\n`)
