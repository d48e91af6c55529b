// Clean images of labels, in blocks that keep their masses: at most one unit at a site, of one phase.
import { demand } from '../base/errors.ts'
import { assign } from './assign.ts'
import { demandLength } from './given.ts'
import type { JumpProcess } from './process.ts'
import { tilted } from './tilt.ts'

/**
 * The members of a process of units that keep to blocks of sites, for origins that are probabilities of phases: in every block
 * these are tilted until each phase has its mass there, and `settle` takes the most probable labels with exactly those masses.
 */
export function oneToASite(
  walk: Pick<JumpProcess, 'channels' | 'sites' | 'rates' | 'undo' | 'limit'>,
  blocks: readonly Int32Array[],
): Pick<JumpProcess, 'rates' | 'undo' | 'limit' | 'settle'> {
  const { channels, sites } = walk
  const expected = new Float64Array(channels * sites)
  const most = Math.max(...blocks.map(block => block.length))
  const [own, told] = [new Float64Array(channels * most), new Float64Array(channels * most)]
  const labels = new Uint8Array(most)

  /** Every block's probabilities and masses, one after the other. */
  function inBlocks(
    counts: Int32Array,
    origin: ArrayLike<number>,
    see: (block: Int32Array, told: Float64Array, masses: number[]) => void,
  ): void {
    demandLength('tell the labels', 'the origin', origin, channels * sites)
    demandLength('tell the labels', 'counts', counts, channels * sites)
    for (const block of blocks) {
      const n = block.length
      const masses = Array.from({ length: channels }, (_, c) => {
        let mass = 0
        for (let i = 0; i < n; i++) {
          mass += counts[c * sites + block[i]]
          own[c * n + i] = origin[c * sites + block[i]]
        }
        return mass
      })
      demandRoom('tell the labels', masses, n)
      const out = told.subarray(0, channels * n)
      tilted(own, { masses, sites: n }, out)
      see(block, out, masses)
    }
  }

  function tilt(counts: Int32Array, origin: ArrayLike<number>): Float64Array {
    inBlocks(counts, origin, (block, of) => {
      for (let c = 0, k = 0; c < channels; c++)
        for (let i = 0; i < block.length; i++, k++) expected[c * sites + block[i]] = of[k]
    })
    return expected
  }

  return {
    limit(masses, draw) {
      demandLength('draw the limit', 'masses', masses, channels * blocks.length)
      blocks.forEach(({ length }, p) => {
        const here = Array.from({ length: channels }, (_, c) => masses[c * blocks.length + p])
        demandRoom('draw the limit', here, length)
      })
      walk.limit(masses, draw)
    },
    rates: (counts, origin, options) => walk.rates(counts, tilt(counts, origin), options),
    undo: (counts, origin, step) => walk.undo(counts, tilt(counts, origin), step),
    settle(counts, origin) {
      inBlocks(counts, origin, (block, of, masses) => {
        assign(of, { masses, sites: block.length }, labels)
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < block.length; i++) counts[c * sites + block[i]] = labels[i] === c + 1 ? 1 : 0
      })
    },
  }
}

function demandRoom(verb: string, masses: readonly number[], room: number): void {
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  demand(total <= room, verb, 'the units of a block', `at most ${room}, one to a site`, total)
}
