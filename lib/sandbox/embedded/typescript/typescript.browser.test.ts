import { readFile } from 'node:fs/promises'
import { expect, test } from 'playwright/test'
import { buildSandbox } from '../../../../scripts/build-sandbox.mjs'
import { listen } from '../../testing/serve-sandbox'
import type { Diagnostic } from '../../types'
import type { FromChecker, ToChecker } from './protocol'

/** 40 files of 60 functions: about 200 KB. */
function project(): [string, string][] {
  const lines = Array.from(
    { length: 60 },
    (_, m) =>
      `export const v${m} = (input: { id: number; tags: string[] }) => input.tags.map((tag) => tag.length + input.id)\n`,
  )
  return Array.from({ length: 40 }, (_, n) => [
    `src/f${n}.ts`,
    `${n > 0 ? `import { f${n - 1} } from './f${n - 1}'\nf${n - 1}.toFixed()\n` : ''}${lines.join('')}export const f${n} = ${n}\n`,
  ])
}

test('a classic blob Worker checks 40 files, and again after an edit', async ({ page }) => {
  await buildSandbox()
  const script = await readFile('public/sandbox/typescript.js', 'utf8')
  const server = await listen((_, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'),
  )
  try {
    await page.goto(server.origin)
    const result = await page.evaluate(
      async ({ script, files }) => {
        const times: Record<string, number> = {}
        const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
        const send = (message: ToChecker) => worker.postMessage(message)
        let lastId = 0
        const check = (name: string, paths: string[] | null) =>
          new Promise<Diagnostic[]>((resolve, reject) => {
            const startedAt = performance.now()
            worker.onmessage = ({ data }: MessageEvent<FromChecker>) => {
              times[name] = Math.round(performance.now() - startedAt)
              if (data.type === 'checked') resolve(data.diagnostics)
              else reject(new Error(data.type === 'failed' ? data.message : 'an answer to something else'))
            }
            worker.onerror = (event) => reject(new Error(event.message))
            send({ type: 'check', id: ++lastId, paths })
          })
        await check('boot', [])
        send({ type: 'update', files, replace: true })
        const first = await check('first', null)
        send({ type: 'update', files: [['src/f20.ts', "export const f20 = 'text'\n"]], replace: false })
        const second = await check('afterEdit', ['src/f20.ts', 'src/f21.ts'])
        const looked = performance.now()
        const symbols = await new Promise<string[]>((resolve) => {
          worker.onmessage = ({ data }: MessageEvent<FromChecker>) =>
            resolve(data.type === 'symbols' ? data.files.flatMap((file) => file.symbols.map((each) => each.name)) : [])
          send({ type: 'symbols', id: ++lastId })
        })
        times.symbols = Math.round(performance.now() - looked)
        worker.terminate()
        return { symbols, first, second: second.map(({ path, line, code }) => ({ path, line, code })), times }
      },
      { script, files: project() },
    )
    console.log(`type checks, ms: ${JSON.stringify(result.times)}`)
    expect(result.first).toEqual([])
    expect(result.symbols).toContain('f20')
    expect(result.second).toEqual([{ path: 'src/f21.ts', line: 2, code: 'ts(2551)' }])
  } finally {
    await server.close()
  }
})
