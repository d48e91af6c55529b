// Molecules out of SMILES: their bonds, whether atoms have room for them, and one name whatever the order of the atoms.
import { describe, expect, it } from 'vitest'
import { isMolecule, nameOf } from '../../scripts/molecules/molecule.ts'
import { moleculeOf, valence } from '../../scripts/molecules/smiles.ts'

/** Hydrogens that fill the atoms up. */
const hydrogens = (smiles: string) => {
  const { label = [], edges, weights = [] } = moleculeOf(smiles)!
  const used = label.map((_, i) =>
    edges.reduce((sum, edge, k) => sum + (edge.includes(i) ? weights[k] : 0), 0),
  )
  return label.reduce((sum, name, i) => sum + valence[name] - used[i], 0)
}

describe('moleculeOf()', () => {
  it.each([
    ['CCO', 6], // ethanol
    ['C1CC1', 6], // cyclopropane
    ['CC#N', 3], // acetonitrile
    ['c1ccccc1', 6], // benzene
    ['c1cc[nH]c1', 5], // pyrrole
    ['c1ccoc1', 4], // furan
    ['c1ccncc1', 5], // pyridine
    ['Cn1cnc2c1occ2', 6],
    ['c1cc-2cnc[nH]c2c1', 6],
    ['O=c1cc[nH]cc1', 5], // 4-pyridone
    ['FC(F)=O', 0],
  ])('%s has %i hydrogens', (smiles, count) => {
    expect(hydrogens(smiles)).toBe(count)
    expect(isMolecule(moleculeOf(smiles)!)).toBe(true)
  })

  it.each(['C[NH3+]', 'CC([O-])=O', 'CCl', 'C.C', '[13CH4]', 'c1cccc1'])('%s is none of ours', smiles => {
    expect(moleculeOf(smiles)).toBe(undefined)
  })
})

describe('nameOf()', () => {
  it.each([
    ['OCC', 'CCO'],
    ['c1ccccc1C', 'Cc1ccccc1'],
    ['C1CC1C#N', 'N#CC1CC1'],
    ['C12C3C4C1C5C4C3C25', 'C12C3C4C1C5C2C3C45'], // cubane: all atoms alike
  ])('of %s and %s is one', (a, b) => {
    expect(nameOf(moleculeOf(a)!)).toBe(nameOf(moleculeOf(b)!))
  })

  it.each([
    ['CCO', 'COC'],
    ['CC=O', 'C=CO'],
    ['C1CCCCC1', 'C1CC1C1CC1'],
    ['C1CC2CC1CC2', 'C1CC2CCC1C2C'],
  ])('of %s and %s differs', (a, b) => {
    expect(nameOf(moleculeOf(a)!)).not.toBe(nameOf(moleculeOf(b)!))
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
