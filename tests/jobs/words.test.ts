import { describe, expect, it } from 'vitest'
import { generateSchema } from '../../src/jobs/generate/asking.ts'
import { checked } from '../../src/jobs/schema.ts'
import { argumentsOf, commandOf, pythonOf, typescriptOf, wordsOf } from '../../src/jobs/words.ts'

describe('the words of a job', () => {
  it('are read as the same job again, ranges and lists among them', () => {
    for (const given of [
      { model: 'mnist', mass: '0,300:400,26000', class: '0:3', count: 3, seed: 9 },
      {
        model: 'berea',
        porosity: '0.18,0.2:0.25',
        size: '96,128',
        calls: 12,
        solver: 'multistep',
        damping: 0.5,
      },
      { model: 'cathode', fractions: '0.3,0.1:0.2', guidance: 2 },
      {},
    ] as const) {
      const job = checked('test', generateSchema, given)
      const words = wordsOf(generateSchema, job)
      expect(checked('test', generateSchema, Object.fromEntries(words))).toEqual(job)
    }
  })

  it('leave out what is as usual, and are quoted for a shell', () => {
    const job = checked('test', generateSchema, { model: "my model's", mass: [[5, 9]], classes: false })
    expect(commandOf('sample', generateSchema, job)).toBe(
      "saltus sample --model 'my model'\\''s' --no-classes --mass 5:9",
    )
    expect(commandOf('sample', generateSchema, checked('test', generateSchema, {}))).toBe('saltus sample')
  })

  it('are a program in TypeScript, and one in Python', () => {
    const job = checked('test', generateSchema, { model: 'berea', porosity: '0.18,0.2:0.25', count: 3 })
    expect(typescriptOf(generateSchema, job, { model: 'berea', out: 'a.npz' })).toBe(
      [
        "import { writeFile } from 'node:fs/promises'",
        "import { open } from 'saltus/node'",
        '',
        "const model = await open('berea')",
        "const samples = await model.generate({ count: 3, porosity: '0.18,0.2:0.25', device: 'wasm' })",
        "for (const { name, bytes } of await samples.files('a.npz')) await writeFile(name, bytes)",
        '',
      ].join('\n'),
    )
    expect(pythonOf(argumentsOf('sample', generateSchema, job), 'a.npz')).toContain(
      'subprocess.run(["npx", "saltus", "sample", "--model", "berea", "--count", "3", "--porosity", "0.18,0.2:0.25", "--out", "a.npz"], check=True)',
    )
  })
})
