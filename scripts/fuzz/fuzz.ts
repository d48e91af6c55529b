/** One input to one reader: what must hold of it. */
import { random } from '../../src/base/random.ts'
import { mutated } from './mutate.ts'
import { type Reader, sourceFor } from './readers.ts'

/** What our own errors look like: one line that a terminal can show. A name may hold a colon. */
const grammar = /^Cannot [^\n]+: [^\n]*$/

/** Most letters of one, whatever the names in the file. */
const longest = 2000

/** The input of that number. */
export function inputOf({ seeds }: Reader, seed: number, i: number): Uint8Array {
  const rng = random(seed).fork(i)
  const pick = () => seeds[Math.floor(rng.uniform() * seeds.length)]
  return mutated(pick(), rng, pick())
}

/** Bytes beyond what is counted, that a read may take: the runtime's own. */
const slack = 2 ** 26

/**
 * Reads it; returns what is wrong: an error that is not told in one line, or memory beyond four times what the file honestly
 * declares. Undefined: read, or refused as it should be.
 */
export async function wrong({ read }: Reader, bytes: Uint8Array): Promise<string | undefined> {
  const source = sourceFor(bytes)
  const before = process.resourceUsage().maxRSS
  try {
    await read(bytes, source)
  } catch (error) {
    if (!(error instanceof Error)) return `threw ${String(error)}`
    const { message, name } = error
    if (!grammar.test(message) || message.length > longest || name === 'InvariantError')
      return `${error.stack ?? message}`
  }
  const grown = 1024 * (process.resourceUsage().maxRSS - before)
  const most = 4 * Math.max(source.budget.spent, bytes.length) + slack
  return grown > most ? `took ${grown} bytes, of at most ${most}` : undefined
}
