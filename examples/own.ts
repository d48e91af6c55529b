// A model of one's own images, trained in one call (here blobs, and far too short), and images drawn from it.
import { random } from 'saltus'
import { open, train } from 'saltus/node'

const [count, side] = [256, 12]
const stream = random(1)
const data = new Uint8Array(count * side * side)
for (let i = 0; i < count; i++) {
  const [cx, cy] = [2 + 8 * stream.uniform(), 2 + 8 * stream.uniform()]
  for (let x = 0; x < side * side; x++) {
    const squared = ((x % side) - cx) ** 2 + (Math.floor(x / side) - cy) ** 2
    data[i * side * side + x] = Math.round(15 * Math.exp(-squared / 4))
  }
}

const stop = new AbortController()
const { model, reports } = await train(
  { data, shape: [count, side, side] },
  {
    ...{ base: 8, multipliers: [1, 2], blocks: [1, 1], attention: 'none', steps: 40, batch: 16 },
    signal: stop.signal,
    onProgress: ({ done, total, words }) => console.log(`${done}/${total} ${words}`),
  },
)
console.log(`loss ${reports[0].loss.toFixed(3)} to ${reports.at(-1)?.loss.toFixed(3)}`)

const blobs = await open(model)
const { masses } = await blobs.generate({ mass: 180, count: 2, calls: 8 })
console.log(masses)
