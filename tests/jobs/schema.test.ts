import { describe, expect, expectTypeOf, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { completeSchema } from '../../src/jobs/complete/fields.ts'
import { diffuseSchema } from '../../src/jobs/diffuse/diffuse.ts'
import { decimal, oneOf, range, several, truth, whole } from '../../src/jobs/fields.ts'
import { generateSchema } from '../../src/jobs/generate/asking.ts'
import { checked, type JobOf, usually } from '../../src/jobs/schema.ts'
import { trainSchema } from '../../src/jobs/train/fields.ts'

const schema = {
  count: usually(whole({ help: 'how many', least: 1, most: 9 }), 4),
  mass: several(range(whole({ help: 'units', least: 0 }), 'M or MIN:MAX')),
  share: decimal({ help: 'a share', above: 0, most: 1 }),
  kind: oneOf(['walk', 'death'] as const, { help: 'which' }),
  told: truth({ help: 'say nothing', usual: true }),
} as const

describe('checked()', () => {
  it('fills in what is usual, leaves out what is not said, and keeps the types', () => {
    const job = checked('try', schema, {})
    expect(job).toEqual({ count: 4, told: true })
    expectTypeOf<JobOf<typeof schema>['count']>().toEqualTypeOf<number>()
    expectTypeOf<JobOf<typeof schema>['share']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<JobOf<typeof schema>['kind']>().toEqualTypeOf<'walk' | 'death' | undefined>()
  })

  it('reads values, the texts of a command line, and what it has read itself, alike', () => {
    const wanted = {
      count: 7,
      mass: [
        [5, 5],
        [8, 9],
      ],
      share: 0.5,
      kind: 'walk',
      told: false,
    }
    const of = checked('try', schema, { count: '7', mass: '5,8:9', share: '0.5', kind: 'walk', told: false })
    expect(of).toEqual(wanted)
    expect(checked('try', schema, of)).toEqual(wanted)
    expect(checked('try', schema, JSON.parse(JSON.stringify(of)))).toEqual(wanted)
    expect(checked('try', schema, { mass: 5 }).mass).toEqual([[5, 5]])
    expect(checked('try', schema, { count: '8e0', mass: '1e3:2E+3' })).toMatchObject({
      count: 8,
      mass: [[1000, 2000]],
    })
    expect(checked('try', schema, { mass: [5, [8, 9]] }).mass).toEqual([
      [5, 5],
      [8, 9],
    ])
  })

  it.each([
    [{ count: 0 }, 'count must be a whole number of at least 1 and at most 9, got 0'],
    [{ count: Number.NaN }, 'count must be a whole number'],
    [{ count: '1e-1' }, 'count must be a whole number'],
    [{ mass: '9:8' }, 'mass must be M or MIN:MAX, or several with commas, got "9:8"'],
    [{ mass: [] }, 'mass must be M or MIN:MAX'],
    [{ mass: '1:2:3' }, 'mass must be M or MIN:MAX'],
    [{ mass: [[1, 2, 3]] }, 'mass must be M or MIN:MAX'],
    [{ share: 0 }, 'share must be a number above 0 and at most 1, got 0'],
    [{ share: '' }, 'share must be a number'],
    [{ kind: 'toString' }, 'kind must be one of walk, death, got "toString"'],
    [{ told: 'yes' }, 'told must be true or false'],
    [{ Count: 1 }, 'every field must be one of count, mass, share, kind, told, got "Count"'],
    [{ __proto__: null, constructor: 1 }, 'every field must be one of'],
  ])('refuses %j, and names the field', (given, words) => {
    expect(() => checked('try', schema, given)).toThrow(UsageError)
    expect(() => checked('try', schema, given)).toThrow(words)
  })

  it('gives of every job plain data, which survives JSON', () => {
    for (const one of [generateSchema, completeSchema, diffuseSchema, trainSchema]) {
      const job = checked('try', one, {})
      expect(JSON.parse(JSON.stringify(job))).toEqual(job)
      for (const { help } of Object.values(one)) expect(help).not.toBe('')
    }
  })
})

describe('fractions', () => {
  const fractions = (value: unknown) => checked('try', generateSchema, { fractions: value }).fractions

  it('are a row of shares and ranges, or several rows', () => {
    const one = [
      [
        [0.4, 0.4],
        [0.1, 0.2],
      ],
    ]
    expect(fractions('0.4,0.1:0.2')).toEqual(one)
    expect(fractions([0.4, [0.1, 0.2]])).toEqual(one)
    expect(fractions([0.4, '0.1:0.2'])).toEqual(one)
    expect(fractions(one)).toEqual(one)
    expect(fractions(['0.4 0.1', '0.5 0.2'])).toEqual([
      [
        [0.4, 0.4],
        [0.1, 0.1],
      ],
      [
        [0.5, 0.5],
        [0.2, 0.2],
      ],
    ])
    expect(fractions(0.3)).toEqual([[[0.3, 0.3]]])
    for (const wrong of ['1.1', [-0.1], 'a', [], {}])
      expect(() => fractions(wrong)).toThrow('fractions must be')
  })
})
