/** How the studio is built: static files with relative addresses, which work below any path. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What isolates a page, so that networks may use several threads. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Names the files that the service worker keeps from the beginning: all but networks and runtime. */
const listed: Plugin = {
  name: 'saltus-files',
  writeBundle({ dir = '' }) {
    const names = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter(file => file.isFile())
      .map(file => relative(dir, join(file.parentPath, file.name)).replaceAll('\\', '/'))
    const kept = names.filter(
      name => !/\.(?:wasm|onnx)$|^(?:service-worker\.js|files\.json|index\.html)$/.test(name),
    )
    writeFileSync(join(dir, 'files.json'), JSON.stringify(kept.sort()))
  },
}

/** What libraries can do that the studio never asks for: maps, schemes of colours and calendars in charts; tables to train on. */
const needless = ['d3-geo', 'd3-scale-chromatic', 'd3-time', 'd3-time-format', 'papaparse']

/** What the studio has no door for: small graphs, units on the nodes of graphs, on sites without neighbours by themselves, two parts, holes in states, and trainings by other losses. */
const closed = [
  'process/edges',
  'process/exactly',
  'process/link/edges',
  'network/relations',
  'network/dense',
  'network/messages',
  'process/on-graph',
  'graph/listed',
  'jobs/train/listed',
  'formats/graph-picture',
  'jobs/generate/graphs',
  'jobs/generate/joint',
  'jobs/complete/states',
  'network/pair',
  'process/joint',
  'process/link/joint',
  'process/two-clocks',
  'model/clamped',
  'model/known-states',
  'training/energy',
  'training/population',
]

/**
 * Leaves out what the studio has no door for: whoever comes there all the same, with a model of one's own, is told so.
 */
const shut: Plugin = {
  name: 'saltus-shut',
  load(id) {
    if (!closed.some(name => id.endsWith(`/src/${name}.ts`))) return undefined
    const names = [...readFileSync(id, 'utf8').matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)]
    return [
      "const shut = () => { throw new RangeError('Cannot open the model: the studio draws pictures and volumes, graphs, mixtures and pairs are for the command line, saltus sample') }",
      ...names.map(([, name]) => `export { shut as ${name} }`),
    ].join('\n')
  },
}

/**
 * Leaves the needless out of the script: each of its functions gives itself back, for the library of charts prepares some of them as it is
 * loaded, and asks none of them for more.
 */
const without: Plugin = {
  name: 'saltus-without',
  async load(id) {
    const name = needless.find(other => id.includes(`/node_modules/${other}/`))
    if (!name) return undefined
    const exported = Object.keys(await import(name)).map(key =>
      key === 'default' ? 'export default none' : `export { none as ${key} }`,
    )
    return ['const none = () => none', ...exported].join('\n')
  },
}

export default defineConfig({
  root: at('.'),
  base: './',
  publicDir: false,
  // The files of ONNX Runtime are assets of their own: see worker/drawing.ts.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('../dist/studio'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'es2022',
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: at('./index.html'), 'service-worker': at('./service-worker.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [listed, without, shut],
  worker: { format: 'es', plugins: () => [without, shut] },
  server: { host: '127.0.0.1', headers, fs: { allow: [at('..')] } },
  preview: { host: '127.0.0.1', headers },
})
