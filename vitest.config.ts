import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const built = (path: string) => fileURLToPath(new URL(`dist/src/${path}`, import.meta.url))

export default defineConfig({
  // Examples name the package as its users do.
  resolve: { alias: { 'saltus/node': built('node.js'), saltus: built('index.js') } },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
