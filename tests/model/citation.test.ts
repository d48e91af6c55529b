import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { version } from '../../src/base/version.ts'
import { citation } from '../../src/model/citation.ts'
import { loadModel } from '../../src/node/models.ts'

const keys = (bibtex: string) => [...bibtex.matchAll(/@\w+\{([\w-]+),/g)].map(([, key]) => key)

describe('citation()', () => {
  it('names what shipped models rest on, and nothing else', () => {
    for (const [name, paper] of [
      ['mnist', 'discrete-spatial-diffusion'],
      ['blackout-mnist', 'blackout-diffusion'],
    ])
      expect(keys(citation(loadModel(name).description)), name).toEqual(['saltus', paper])
  })

  it('names the algorithm of single hops with it, and for a process of your own this program alone', () => {
    const of = (kind: string, solver: string) =>
      keys(citation({ process: { kind }, sampling: { kind: solver } as never }))
    expect(of('chain', 'cfl')).toEqual([
      'saltus',
      'structured-denoising-diffusion',
      'discrete-spatial-diffusion',
    ])
    expect(of('mine', 'ancestral')).toEqual(['saltus'])
  })

  it('CITATION.cff is of this version', () => {
    const cff = readFileSync(new URL('../../CITATION.cff', import.meta.url), 'utf8')
    expect(cff).toContain(`\nversion: ${version}\n`)
  })
})
