/** The files below a folder, and what links in it lead to. */
import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hidden } from '../formats/names.ts'
import { because } from './files.ts'

/**
 * Every file below a folder that is not hidden, names relative to it with forward slashes, in a fixed order; linked
 * files and folders as if they lay there. Devices, sockets and pipes are left out.
 * @throws Error naming a link that leads nowhere, or a folder that cannot be read
 */
export function filesBelow(folder: string): string[] {
  const found: string[] = []
  const walk = (below: string, above: readonly string[]) => {
    const path = join(folder, below)
    let names: string[]
    try {
      names = readdirSync(path)
    } catch (error) {
      throw because('read', path, error)
    }
    for (const name of names) {
      if (hidden(name)) continue
      const one = below ? `${below}/${name}` : name
      const stat = kindOf(join(folder, one))
      if (stat.isFile()) found.push(one)
      if (!stat.isDirectory()) continue
      const real = realpathSync(join(folder, one))
      // A link to a folder above would never end.
      if (!above.includes(real)) walk(one, [...above, real])
    }
  }
  walk('', [realpathSync(folder)])
  return found.sort()
}

function kindOf(path: string) {
  try {
    return statSync(path)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? dangling(path, error)
      : because('read', path, error)
  }
}

function dangling(path: string, error: unknown): Error {
  try {
    return new Error(
      `Cannot read ${path}: it must lead to a file, got a link to ${readlinkSync(path)}, which is not there`,
    )
  } catch {
    return because('read', path, error)
  }
}
