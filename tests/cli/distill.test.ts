// `saltus distill`: from a model to a student in a folder, and what it refuses.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const counts = Uint8Array.from({ length: 12 * 36 }, (_, i) => (i * 5) % 17)
write(folder, 'data.npz', writeNpz({ images: { data: counts, shape: [12, 6, 6] } }))
const words = (text: string) => text.split(' ')
const refusal = async (text: string) => {
  const { status, stderr } = await saltus(words(text), folder)
  expect(status).toBe(2)
  return stderr.trim()
}

describe('`saltus distill`', () => {
  beforeAll(() =>
    good(
      words(
        'train --data data.npz --out one --steps 3 --base 4 --multipliers 1 --blocks 1 --attention none --embedding 8 --batch 2',
      ),
      folder,
    ),
  )

  it('makes a run of a student, which draws by its calls, says so, and goes on as any run', async () => {
    const said = await good(
      words('distill --model one/model.onnx --calls 3 --data data.npz --steps 2 --batch 2 -o few --json'),
      folder,
    )
    expect(JSON.parse(said.stdout)).toMatchObject({ model: join('few', 'model.onnx'), steps: 2, images: 4 })
    await good(words('train --out few --resume --steps 3 --quiet'), folder)
    const { description } = decodeModelFile(new Uint8Array(readFileSync(join(folder, 'few', 'model.onnx'))))
    expect(description.sampling).toMatchObject({ kind: 'ancestral', calls: 3, smallest: 1 })
    expect(description.training).toMatchObject({ from: 'model.onnx', draws: 2, step: 3 })
    const drawn = await good(words('sample --model few/model.onnx --mass 300 --count 3 --out x.npz'), folder)
    expect(drawn.stderr + drawn.stdout).toContain('masses asked for 300, delivered 300: equal')
    const { stdout } = await good(words('info few/model.onnx'), folder)
    expect(stdout).toContain('8 planes of noise: origins are drawn')
  })

  it('refuses a folder that has a run, data that are not there, and a student of a student', async () => {
    const again = await refusal('distill --model one/model.onnx --data data.npz -o one')
    expect(again).toBe(
      'Cannot distill: --out must be a new folder, or used with saltus train --resume, got "one"',
    )
    const two = await refusal('distill --model few/model.onnx --data data.npz -o two')
    expect(two).toBe(
      'Cannot distill: --model must be one that tells the mean of the origin, got "one that draws already"',
    )
    const lone = await refusal('distill --data data.npz -o three')
    expect(lone).toBe('Cannot run saltus distill: --model must be given, got nothing')
    const far = await refusal('distill --model mnist -o four')
    expect(far).toBe('Cannot distill: --data must be given: mnist is not here, got undefined')
  })
})
