import { describe, expect, it } from 'vitest'
import { solverOf } from '../../../src/jobs/draw/solver.ts'
import { decodeModelFile } from '../../../src/model/file.ts'
import { multistep } from '../../../src/sampling/index.ts'
import { untrained } from '../../cli/saltus.ts'

const { description } = decodeModelFile(untrained())
const few = multistep({ calls: 12, damping: 0.8 }).description

describe('solverOf()', () => {
  it('`solverOf()` takes what the model says of few calls for as few, and what it says of all for more or none asked for', () => {
    const told = { ...description, few }
    for (const calls of [1, 12]) expect(solverOf({ calls }, told)).toEqual({ ...few, calls })
    expect(solverOf({ calls: 13 }, told)).toEqual({ ...description.sampling, calls: 13 })
    expect(solverOf({}, told)).toEqual(description.sampling)
    expect(solverOf({ calls: 8 }, description)).toEqual({ ...description.sampling, calls: 8 })
  })

  it('`solverOf()` takes the solver that is named, of few calls as well', () => {
    const told = { ...description, few }
    expect(solverOf({ calls: 8, solver: 'ancestral' }, told).kind).toBe('ancestral')
    expect(solverOf({ calls: 8, noise: 0.5 }, told)).toMatchObject({
      kind: 'multistep',
      noise: 0.5,
      damping: 0.8,
    })
    expect(() => solverOf({ cfl: 0.1, calls: 8 }, told)).toThrow(
      'cfl must be left out with the solver multistep',
    )
  })
})
