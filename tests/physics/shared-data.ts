/** Data that is not part of the repository: tests that need it are skipped, with the reason, where it is not there. */
import { existsSync, readFileSync } from 'node:fs'
import { it } from 'vitest'
import { readCsv, type Table } from '../../src/formats/csv.ts'

const folder = new URL('../../../shared/data/', import.meta.url)

export const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
export const tableOf = (name: string): Table =>
  readCsv(new TextDecoder().decode(bytesOf(name)), name, { measured: true })

/** A test that is skipped unless the file is there. */
export function withData(name: string, title: string, body: () => void | Promise<void>): void {
  it(title, { timeout: 300_000 }, async context => {
    if (!existsSync(new URL(name, folder))) return context.skip(`the data set ${name} is not there`)
    await body()
  })
}
