/**
 * `npm run fuzz -- --inputs 100000 --seed 1 --only npy,png`: damaged files to every reader. No crash with a stack, nothing
 * that stays for more than 5 s of the processor, memory bounded by four times what the file honestly declares. What is
 * found is kept in tests/fuzz/corpus/, and is a test from then on.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { packageRoot } from '../src/node/package-root.ts'
import { inputOf } from './fuzz/fuzz.ts'
import { readers } from './fuzz/readers.ts'
import type { FuzzData, FuzzReport } from './fuzz/worker.ts'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string' },
    out: { type: 'string', default: join(packageRoot, 'tests/fuzz/corpus') },
  },
})
const all = readers()
const names = values.only?.split(',') ?? Object.keys(all)
const [inputs, seconds, seed] = [values.inputs, values.seconds, values.seed].map(Number)

/** Most seconds of the processor for one input. */
const patience = 5

let found = 0
const whys = new Set<string>()

/** Keeps what was found: one of each kind. */
function keep(reader: string, bytes: Uint8Array, why: string): void {
  found++
  const kind = `${reader} ${why.replace(/\d+/g, 'N').split('\n').slice(0, 2).join(' ')}`
  if (whys.has(kind)) return
  whys.add(kind)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const folder = join(values.out, reader)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, hash), bytes)
  process.stdout.write(
    `FOUND ${reader}/${hash} (${bytes.length} bytes): ${why.split('\n').slice(0, 6).join('\n')}\n`,
  )
}

/** Feeds the readers from a place on; returns where it was stopped, or undefined at the end. */
function feed(from: readonly [number, number]): Promise<readonly [number, number] | undefined> {
  const place = new Int32Array(new SharedArrayBuffer(8))
  const workerData: FuzzData = { names, inputs, seed, place, from }
  const worker = new Worker(new URL('./fuzz/worker.js', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    let [last, since] = ['', process.cpuUsage().user]
    const watch = setInterval(() => {
      const now = place.join()
      const used = process.cpuUsage().user
      if (now !== last) [last, since] = [now, used]
      const stays = (used - since) / 1e6 > patience
      if (!stays && performance.now() / 1000 < seconds) return
      clearInterval(watch)
      void worker.terminate()
      const [r, i] = place
      if (stays) keep(names[r], inputOf(all[names[r]], seed, i), `stayed for more than ${patience} s`)
      resolve(stays ? [r, i + 1] : undefined)
    }, 200)
    worker.on('message', (report: FuzzReport) => {
      if ('found' in report) keep(report.found.reader, report.found.bytes, report.found.why)
      else
        process.stdout.write(
          `${report.done.padEnd(8)} ${report.inputs} inputs, ${report.seconds.toFixed(1)} s\n`,
        )
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      clearInterval(watch)
      resolve(undefined)
    })
  })
}

process.stdout.write(`seed ${seed}, ${inputs} inputs each\n`)
for (let from: readonly [number, number] | undefined = [0, 0]; from; ) from = await feed(from)
process.stdout.write(`${found} findings of ${whys.size} kinds\n`)
process.exitCode = found > 0 ? 1 : 0
