/** How the studio is built: static files with relative addresses, which work below any path. */
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What isolates a page, so that networks may use several threads. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  root: at('.'),
  base: './',
  publicDir: false,
  // The two files of ONNX Runtime are assets of their own: see worker.ts.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('../dist/studio'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'es2022',
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', headers, fs: { allow: [at('..')] } },
  preview: { host: '127.0.0.1', headers },
})
