/** Runs commands of saltus, as a user would. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../src/node/package-root.ts'

/** What the command prints; its progress and complaints are passed on. Throws where it fails. */
export const saltus = (...args: string[]): string =>
  execFileSync(process.execPath, [join(packageRoot, 'bin/saltus.js'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  })
