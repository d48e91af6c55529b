/**
 * The one error of every reader of bytes: a SyntaxError in the house grammar that names the file.
 */
import { cannot } from '../base/errors.ts'

/** Builds (does not throw) `Cannot read <name>: <thing> must be <wanted>, got <value>`. */
export function malformed(name: string, thing: string, wanted: string, value: unknown): SyntaxError {
  return new SyntaxError(cannot(`read ${name}`, thing, wanted, value))
}
