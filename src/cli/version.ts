/** The version of the package. */
import { readFileSync } from 'node:fs'

/** package.json lies beside `dist/` and beside `src/`, wherever this file runs from. */
const find = (): string => {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))
      if (name === 'saltus') return version
    } catch {}
  }
  return '0.0.0'
}

export const version = find()
