/** Where the package lies. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder above this file that holds package.json: the same from `src/` and from `dist/src/`. */
function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}

export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)))
