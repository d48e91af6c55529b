/** What to cite for a model: this program, and the papers of the methods that its file names. */
import { demandGiven } from '../base/given.ts'
import { version } from '../base/version.ts'
import type { ModelDescription } from './description.ts'

const saltus = `@software{saltus,
  title = {saltus: generative diffusion by jump processes on integer counts},
  author = {{the saltus contributors}},
  version = {${version}}
}`

const papers = {
  spatial: `@misc{discrete-spatial-diffusion,
  title = {Discrete Spatial Diffusion: Intensity-Preserving Diffusion Modeling},
  author = {Santos and Marcato and Colman and Lubbers and Lin},
  eprint = {2505.01917},
  archivePrefix = {arXiv}
}`,
  blackout: `@misc{blackout-diffusion,
  title = {Blackout Diffusion: Generative Diffusion Models in Discrete-State Spaces},
  author = {Santos and Fox and Lubbers and Lin},
  eprint = {2305.11089},
  archivePrefix = {arXiv}
}`,
  chain: `@misc{structured-denoising-diffusion,
  title = {Structured Denoising Diffusion Models in Discrete State-Spaces},
  author = {Austin and Johnson and Ho and Tarlow and van den Berg},
  eprint = {2107.03006},
  archivePrefix = {arXiv}
}`,
} as const

type Paper = keyof typeof papers

/** The papers of each process; the walks are those of one. */
const papersOf: Readonly<Record<string, readonly Paper[]>> = {
  spatial: ['spatial'],
  labels: ['spatial'],
  confined: ['spatial'],
  patchwork: ['spatial'],
  death: ['blackout'],
  'birth-death': ['blackout'],
  chain: ['chain'],
}

/** BibTeX of exactly what samples of a model rest on. A process of your own is cited by you. */
export function citation(of: Pick<ModelDescription, 'process' | 'sampling'>): string {
  demandGiven('tell what to cite', { of }, { of: { process: { kind: 'text' }, sampling: { kind: 'text' } } })
  const { process, sampling } = of
  const named = new Set(papersOf[process.kind] ?? [])
  // Single hops are the second algorithm of that paper, whatever hops.
  if (sampling.kind === 'cfl') named.add('spatial')
  return `${[saltus, ...[...named].map(paper => papers[paper])].join('\n\n')}\n`
}
