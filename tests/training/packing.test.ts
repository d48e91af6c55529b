// Trying whether a runtime can train on packed convolutions.
import { describe, expect, it } from 'vitest'
import { onnxruntimeNode } from '../../src/runtime/onnxruntime-node.ts'
import type { Runtime, Value } from '../../src/runtime/runtime.ts'
import { probeBlock } from '../../src/training/packing.ts'

const cpu = onnxruntimeNode('cpu')

/** The processor's runtime with the results of its nth model changed. */
function falsified(which: number, change: (data: Float32Array) => void): Runtime {
  let count = 0
  return {
    ...cpu,
    async compile(model) {
      const program = await cpu.compile(model)
      const mine = count++ === which
      return {
        ...program,
        async run(feeds) {
          const results: Record<string, Value> = await program.run(feeds)
          if (mine) for (const { data } of Object.values(results)) change(data as Float32Array)
          return results
        },
      }
    },
  }
}

describe('probeBlock()', async () => {
  const found = await probeBlock(cpu)

  it('probeBlock() finds a block of 4, 8 or 16 channels, or says why not', () => {
    if (found.block === undefined) expect(found.reason).not.toBe('')
    else expect([4, 8, 16]).toContain(found.block)
  })

  it('probeBlock() refuses other devices without trying', async () => {
    const compile = () => {
      throw new Error('tried')
    }
    expect(await probeBlock({ ...cpu, device: 'webgpu', compile })).toEqual({
      block: undefined,
      reason: 'webgpu has no packed convolutions',
    })
  })

  it('probeBlock() gives the reason of a runtime that does not know the operators', async () => {
    const compile = async () => {
      throw new Error('Cannot start the network on cpu: no such operator')
    }
    expect(await probeBlock({ ...cpu, compile })).toMatchObject({
      block: undefined,
      reason: expect.stringMatching(/no such operator/),
    })
  })

  it.skipIf(found.block === undefined)('probeBlock() refuses a layout that it does not know', async () => {
    const reversed = falsified(0, data => data.reverse())
    expect(await probeBlock(reversed)).toMatchObject({
      block: undefined,
      reason: expect.stringMatching(/layout/),
    })
  })

  it.skipIf(found.block === undefined)(
    'probeBlock() refuses packed convolutions that are wrong',
    async () => {
      const wrong = falsified(2, data => {
        data[data.length - 1] += 1
      })
      expect(await probeBlock(wrong)).toMatchObject({
        block: undefined,
        reason: expect.stringMatching(/differ/),
      })
      const undefinedNumber = falsified(2, data => data.fill(Number.NaN))
      expect(await probeBlock(undefinedNumber)).toMatchObject({
        block: undefined,
        reason: expect.stringMatching(/differ/),
      })
    },
  )
})
