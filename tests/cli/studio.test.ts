// `saltus studio`: static files for this machine alone.
import { mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { studioServer } from '../../src/cli/studio/server.ts'
import { temporary } from './saltus.ts'

const folder = temporary()
const site = join(folder, 'site')
const server = studioServer(site, name => (name === 'mnist.onnx' ? join(folder, name) : undefined))
let port = 0

beforeAll(async () => {
  mkdirSync(join(site, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(site, 'index.html'), '<!doctype html>')
  writeFileSync(join(site, 'assets/a.wasm'), 'wasm')
  writeFileSync(join(folder, 'mnist.onnx'), 'model')
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as { port: number }).port
})
afterAll(() => new Promise(resolve => server.close(resolve)))

/** What the server answers; the path is sent as it stands here. */
const ask = (path: string, { method = 'GET', host = `127.0.0.1:${port}` } = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', path, method, headers: { host }, agent: false },
      answer => {
        answer.resume()
        resolve(answer)
      },
    )
    asked.on('error', reject).end()
  })

describe('the server of the studio', () => {
  it('isolates its pages, and tells what its files are', async () => {
    const page = await ask('/?v=1')
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
    })
    expect((await ask('/assets/a.wasm')).headers['content-type']).toBe('application/wasm')
  })

  it('finds networks where the package has them, by the name before their hash', async () => {
    expect((await ask('/assets/mnist-DeB5RjfV.onnx')).headers['content-length']).toBe('5')
    expect((await ask('/assets/other-DeB5RjfV.onnx')).statusCode).toBe(404)
    expect((await ask('/assets/mnist.onnx')).statusCode).toBe(404)
  })

  it('gives nothing from outside its folder, to no other name, and takes nothing', async () => {
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/%00',
      '/%E0',
      '/assets',
      '/none',
    ])
      expect([path, (await ask(path)).statusCode]).toEqual([path, 404])
    expect((await ask('/', { host: 'elsewhere.example' })).statusCode).toBe(403)
    expect((await ask('/', { method: 'POST' })).statusCode).toBe(405)
    expect((await ask('/', { method: 'HEAD' })).statusCode).toBe(200)
  })
})
