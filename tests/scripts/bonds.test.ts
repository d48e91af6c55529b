// Molecules as small graphs: their bonds, whether atoms have room for them, and one code whatever the order of the atoms.
import { describe, expect, it } from 'vitest'
import { codeOf, graphOf, isMolecule } from '../../scripts/chemistry/bonds.ts'
import { moleculeOf } from '../../scripts/chemistry/smiles.ts'

const read = (smiles: string) => graphOf(moleculeOf(smiles)!)!

/** Hydrogens that fill the atoms up. */
const hydrogens = (smiles: string) => {
  const { label = [], edges, weights = [] } = read(smiles)
  const valence: Record<string, number> = { C: 4, N: 3, O: 2, F: 1 }
  const used = (i: number) => edges.reduce((sum, edge, k) => sum + (edge.includes(i) ? weights[k] : 0), 0)
  return label.reduce((sum, name, i) => sum + valence[name] - used(i), 0)
}

describe('graphOf()', () => {
  it.each([
    ['CCO', 6], // ethanol
    ['CC#N', 3], // acetonitrile
    ['c1ccccc1', 6], // benzene
    ['c1cc[nH]c1', 5], // pyrrole
    ['c1ccncc1', 5], // pyridine
    ['FC(F)=O', 0],
  ])('%s has %i hydrogens', (smiles, count) => {
    expect(hydrogens(smiles)).toBe(count)
    expect(isMolecule(read(smiles))).toBe(true)
  })

  it.each(['[O-]C(=O)C[NH3+]', 'CCl'])('%s is none of ours', smiles => {
    expect(graphOf(moleculeOf(smiles)!)).toBe(undefined)
  })
})

describe('codeOf()', () => {
  it.each([
    ['OCC', 'CCO'],
    ['CC1=CC=CC=C1F', 'CC1=C(F)C=CC=C1'], // one ring, its bonds drawn in two ways
    ['C12C3C4C1C5C4C3C25', 'C12C3C4C1C5C2C3C45'],
  ])('of %s and %s is one', (a, b) => {
    expect(codeOf(read(a))).toBe(codeOf(read(b)))
  })

  it.each([
    ['CCO', 'COC'],
    ['CC=O', 'C=CO'],
    ['C1CCCCC1', 'C1CC1C1CC1'],
  ])('of %s and %s differs', (a, b) => {
    expect(codeOf(read(a))).not.toBe(codeOf(read(b)))
  })
})

describe('isMolecule()', () => {
  it('wants room at every atom, and one part', () => {
    const label = ['C', 'O', 'F']
    const edges = [
      [0, 1],
      [0, 2],
    ] as const
    expect(isMolecule({ n: 3, edges, weights: [2, 1], label })).toBe(true)
    expect(isMolecule({ n: 3, edges, weights: [3, 1], label })).toBe(false)
    expect(isMolecule({ n: 3, edges: [[0, 1]], label })).toBe(false)
  })
})
