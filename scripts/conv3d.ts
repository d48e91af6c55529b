/**
 * Convolutions of volumes on one thread, by every formulation that ONNX Runtime has, beside PyTorch's: node dist/scripts/conv3d.js
 * [--rounds 7] [--batch 8].
 *
 * For each shape [N, C, D, H, W] (C channels to C, 3×3×3, periodic), milliseconds and GF/s, the medians of rounds in turns:
 * the operator Conv on volumes; three convolutions of images whose rows are those of all slices, one for each row of the
 * kernel, its taps along z lying a slice apart (rows); the same in the runtime's blocked layout (packed). For the kernel's
 * gradient: Conv on volumes, three kernel gradients of slices, and those packed. The figures stand in docs/volumes.md.
 */
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { encodeGraph } from '../src/model/file.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { constant, input, type Op, type Tensor } from '../src/tensor/index.ts'
import { packedDomain } from '../src/tensor/packed.ts'
import { apply, type Printer, sizeOf } from '../src/tensor/tensor.ts'
import { blockOf } from '../src/training/packing.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, batch: { type: 'string', default: '8' } },
})
const [rounds, batch] = [Number(values.rounds), Number(values.batch)]
const block = (await blockOf(onnxruntimeNode())) ?? 16

const see = (p: Printer, x: string, shape: readonly number[]) => p.emit('Reshape', [x, p.integers(shape)])[0]
const cut = (p: Printer, x: string, [axis, from, to]: readonly [number, number, number]) =>
  p.emit('Slice', [x, p.integers([from]), p.integers([to]), p.integers([axis])])[0]
const turn = (p: Printer, x: string, perm: readonly number[]) => p.emit('Transpose', [x], { perm })[0]

/** The opposite edges added on the last three axes. */
function wrap(p: Printer, x: string, shape: readonly number[]): string {
  let name = x
  for (let axis = 2; axis < 5; axis++) {
    const parts = [cut(p, name, [axis, shape[axis] - 1, shape[axis]]), name, cut(p, name, [axis, 0, 1])]
    name = p.emit('Concat', parts, { axis })[0]
  }
  return name
}

/** A kernel [O, I, 3, 3] in blocks. */
function packedKernel(p: Printer, kernel: string, [o, i]: readonly [number, number]): string {
  const five = see(p, kernel, [o / block, block, i / block, block, 9])
  return see(p, turn(p, five, [0, 2, 4, 3, 1]), [o, i, 3, 3])
}

type Form = (p: Printer, names: readonly string[], shapes: readonly (readonly number[])[]) => string

const forward: Record<string, Form> = {
  volumes: (p, [x, k], [shape]) =>
    p.emit('Conv', [wrap(p, x, shape), k], { kernel_shape: [3, 3, 3], pads: [0, 0, 0, 0, 0, 0] })[0],
  rows: (p, [x, k], shapes) => rows(p, [x, k], shapes, false),
  packed: (p, [x, k], shapes) => rows(p, [x, k], shapes, true),
  slices: (p, [x, k], [[n, c, d, h, w], [o]]) => {
    const wide = see(p, turn(p, wrap(p, x, [n, c, d, h, w]), [2, 0, 1, 3, 4]), [(d + 2) * n, c, h + 2, w + 2])
    const blocks = p.emit('ReorderInput', [wide], {}, { domain: packedDomain })[0]
    let sum: string | undefined
    for (let z = 0; z < 3; z++) {
      const kernel = packedKernel(p, see(p, cut(p, k, [2, z, z + 1]), [o, c, 3, 3]), [o, c])
      const own = cut(p, blocks, [0, z * n, (z + d) * n])
      const inputs = sum === undefined ? [own, kernel] : [own, kernel, '', sum]
      sum = p.emit('Conv', inputs, { kernel_shape: [3, 3], pads: [0, 0, 0, 0] }, { domain: packedDomain })[0]
    }
    const out = p.emit('ReorderOutput', [sum as string], { channels: o }, { domain: packedDomain })[0]
    return turn(p, see(p, out, [d, n, o, h, w]), [1, 2, 0, 3, 4])
  },
}

function rows(p: Printer, [x, k]: readonly string[], shapes: readonly (readonly number[])[], pack: boolean) {
  const [[n, c, d, h, w], [o]] = shapes
  const all = see(p, wrap(p, x, [n, c, d, h, w]), [n, c, (d + 2) * (h + 2), w + 2])
  const from = pack ? p.emit('ReorderInput', [all], {}, { domain: packedDomain })[0] : all
  let sum: string | undefined
  for (let y = 0; y < 3; y++) {
    const own = see(p, cut(p, k, [3, y, y + 1]), [o, c, 3, 3])
    const kernel = pack ? packedKernel(p, own, [o, c]) : own
    const inputs = !pack || sum === undefined ? [from, kernel] : [from, kernel, '', sum]
    const attributes = { kernel_shape: [3, 3], dilations: [h + 2, 1], pads: [2 - y, 0, y, 0] }
    const [one] = p.emit('Conv', inputs, attributes, pack ? { domain: packedDomain } : {})
    sum = pack || sum === undefined ? one : p.emit('Add', [sum, one])[0]
  }
  const out = pack
    ? p.emit('ReorderOutput', [sum as string], { channels: o }, { domain: packedDomain })[0]
    : (sum as string)
  const rest = cut(p, out, [2, 2, 2 + d * (h + 2)])
  return cut(p, see(p, rest, [n, o, d, h + 2, w]), [3, 0, h])
}

const ofKernel: Record<string, Form> = {
  volumes: (p, [x, dy], [[n, c, d, h, w], [, o]]) => {
    const channelsLast = turn(p, wrap(p, x, [n, c, d, h, w]), [0, 2, 3, 4, 1])
    const image = see(p, channelsLast, [1, n, d + 2, h + 2, (w + 2) * c])
    const kernel = turn(p, dy, [1, 0, 2, 3, 4])
    const sums = p.emit('Conv', [image, kernel], {
      kernel_shape: [d, h, w],
      dilations: [1, 1, c],
      pads: [0, 0, 0, 0, 0, 0],
    })[0]
    return turn(p, see(p, sums, [o, 3, 3, 3, c]), [0, 4, 1, 2, 3])
  },
  slices: (p, names, shapes) => slices(p, names, shapes, false),
  packed: (p, names, shapes) => slices(p, names, shapes, true),
}

function slices(
  p: Printer,
  [x, dy]: readonly string[],
  shapes: readonly (readonly number[])[],
  pack: boolean,
) {
  const [[n, c, d, h, w], [, o]] = shapes
  const planes = turn(p, wrap(p, x, [n, c, d, h, w]), [2, 0, 3, 4, 1])
  const taps = see(p, turn(p, dy, [1, 2, 0, 3, 4]), [o, d * n, h, w])
  let kernel = taps
  if (pack) {
    const five = see(p, turn(p, dy, [1, 2, 0, 3, 4]), [o / block, block, (d * n) / block, block, h * w])
    kernel = see(p, turn(p, five, [0, 2, 4, 3, 1]), [o, d * n, h, w])
  }
  const images = [0, 1, 2].map(z => {
    const own = see(p, cut(p, planes, [0, z, z + d]), [1, d * n, h + 2, (w + 2) * c])
    if (!pack)
      return p.emit('Conv', [own, kernel], { kernel_shape: [h, w], dilations: [1, c], pads: [0, 0, 0, 0] })[0]
    const blocks = p.emit('ReorderInput', [own], {}, { domain: packedDomain })[0]
    const sums = p.emit(
      'Conv',
      [blocks, kernel],
      { kernel_shape: [h, w], dilations: [1, c], pads: [0, 0, 0, 0] },
      { domain: packedDomain },
    )[0]
    return p.emit('ReorderOutput', [sums], { channels: o }, { domain: packedDomain })[0]
  })
  const parts = images.map(sums => see(p, sums, [o, 1, 3, 3, c]))
  return turn(p, p.emit('Concat', parts, { axis: 1 })[0], [0, 4, 1, 2, 3])
}

function opOf(form: Form, shape: readonly number[]): Op {
  return {
    name: 'form',
    shapes: () => [{ shape }],
    onnx: (p, names, { inputs }) => [
      form(
        p,
        names,
        inputs.map(of => of.shape),
      ),
    ],
  }
}

const rng = random(1)
const numbers = (shape: readonly number[]) =>
  Float32Array.from({ length: sizeOf(shape) }, () => rng.uniform() - 0.5)
const median = (of: number[]) => of.toSorted((a, b) => a - b)[of.length >> 1]

async function measure(
  name: string,
  forms: Record<string, Form>,
  [a, b, out]: (readonly number[])[],
  fixed: boolean,
) {
  const data = [numbers(a), numbers(b)]
  const flops = 2 * 27 * batch * sizeOf(a.slice(1)) * a[1]
  let first: Float32Array | undefined
  const told: string[] = []
  for (const [form, of] of Object.entries(forms)) {
    try {
      const leaves: Tensor[] = [input('a', a), fixed ? constant(data[1], b, 'b') : input('b', b)]
      const program = await onnxruntimeNode().compile(encodeGraph({ y: apply(opOf(of, out), leaves, {}) }), {
        threads: 1,
      })
      const feeds = { a: { shape: a, data: data[0] }, ...(fixed ? {} : { b: { shape: b, data: data[1] } }) }
      const y = (await program.run(feeds)).y.data as Float32Array
      first ??= y
      let [apart, size] = [0, 0]
      for (let i = 0; i < y.length; i++) {
        apart = Math.max(apart, Math.abs(y[i] - first[i]))
        size = Math.max(size, Math.abs(first[i]))
      }
      const times: number[] = []
      for (let r = 0; r < rounds; r++) {
        await sleep(5)
        const began = process.cpuUsage()
        await program.run(feeds)
        const { user, system } = process.cpuUsage(began)
        times.push((user + system) / 1000)
      }
      await program.release()
      const ms = median(times)
      told.push(
        `${form} ${ms.toFixed(1)} ms ${(flops / ms / 1e6).toFixed(0)} GF/s${apart / size > 1e-4 ? ' WRONG' : ''}`,
      )
    } catch (error) {
      told.push(`${form} –(${(error as Error).message.slice(0, 200)})`)
    }
  }
  console.log(`  ${name}: ${told.join(' · ')}`)
}

const peer = `
import torch, time, sys
import torch.nn.functional as F
torch.set_num_threads(1)
n,c,s=map(int,sys.argv[1:4]); rounds=int(sys.argv[4])
x=torch.randn(n,c,s,s,s,requires_grad=True); k=torch.randn(c,c,3,3,3,requires_grad=True)
def med(f):
    ts=[]
    for _ in range(rounds):
        t=time.process_time(); f(); ts.append(time.process_time()-t)
    return sorted(ts)[len(ts)//2]*1000
fl=2*27*n*c*c*s**3
pad=lambda x: F.pad(x,(1,)*6,mode='circular')
with torch.no_grad(): f=med(lambda: F.conv3d(pad(x),k))
y=F.conv3d(pad(x),k); g=torch.randn_like(y)
dx=med(lambda: torch.autograd.grad(y,x,g,retain_graph=True))
dk=med(lambda: torch.autograd.grad(y,k,g,retain_graph=True))
print('  PyTorch: '+' · '.join(f'{m} {t:.1f} ms {fl/t/1e6:.0f} GF/s' for m,t in (('forward',f),('data gradient',dx),('kernel gradient',dk))))
`

for (const [c, side] of [
  [16, 32],
  [32, 16],
  [64, 8],
]) {
  console.log(`[${batch}, ${c}, ${side}, ${side}, ${side}]`)
  const x = [batch, c, side, side, side]
  const k = [c, c, 3, 3, 3]
  await measure('forward, kernel an input', forward, [x, k, x], false)
  await measure('forward, kernel constant', { volumes: forward.volumes, rows: forward.rows }, [x, k, x], true)
  await measure('kernel gradient', ofKernel, [x, x, k], false)
  const { stdout, stderr } = spawnSync(
    '/usr/bin/python3',
    ['-c', peer, String(batch), String(c), String(side), String(rounds)],
    {
      encoding: 'utf8',
    },
  )
  process.stdout.write(stdout || stderr.slice(-300))
}
