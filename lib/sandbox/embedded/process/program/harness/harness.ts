// Runs a program of this folder in a real browser, in a classic blob Worker, as the sandbox does.
// For `*.browser.test.ts` only. Must never be imported by a program.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Page, test } from 'playwright/test'
import { nodeLibrary, nodeLibraryPlugin } from '../../../../../../scripts/node-library.mjs'
import { testLibraryPlugin } from '../../../../../../scripts/test-library.mjs'
import type { WorkerRequest, WorkerResult } from './worker'

export type { WorkerRequest, WorkerResult }

const bundled = new Map<string, Promise<string>>()

function bundle(entry: string): Promise<string> {
  const known = bundled.get(entry)
  if (known !== undefined) return known
  const made = build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    keepNames: true,
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: '"use strict";' },
    footer: { js: '//# sourceURL=vitrine:process.js' },
    plugins: [nodeLibraryPlugin, testLibraryPlugin],
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
  bundled.set(entry, made)
  return made
}

/** Answers what runs one program a call, each in a Worker of its own, for the tests of the file or group that calls this. */
export function programRunner(): (request: WorkerRequest) => Promise<WorkerResult> {
  let page: Page
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage()
    await loadBundles(page)
  })
  test.afterAll(() => page.close())
  return (request) => runInWorker(page, request)
}

async function loadBundles(page: Page): Promise<void> {
  const { textFile } = await nodeLibrary()
  const texts = await Promise.all([
    bundle('./worker.ts'),
    bundle('../node/library/late.ts'),
    readFile(textFile, 'utf8'),
  ])
  await page.evaluate(([worker, late, library]) => {
    const toUrl = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
    Object.assign(globalThis, {
      workerUrl: toUrl(worker),
      lateUrl: toUrl(late),
      library: new TextEncoder().encode(library),
    })
  }, texts)
}

function runInWorker(page: Page, request: WorkerRequest): Promise<WorkerResult> {
  return page.evaluate(
    (data) =>
      new Promise<WorkerResult>((resolve, reject) => {
        const worker = new Worker(String(Reflect.get(globalThis, 'workerUrl')))
        const timer = setTimeout(() => finish(() => reject(new Error('No end within 20 s'))), 20_000)
        const finish = (settle: () => void) => {
          clearTimeout(timer)
          worker.terminate()
          settle()
        }
        worker.onmessage = (event: MessageEvent<WorkerResult>) => finish(() => resolve(event.data))
        worker.onerror = (event) => finish(() => reject(new Error(event.message)))
        const { lateUrl, library } = globalThis as unknown as Record<string, unknown>
        worker.postMessage({ ...data, bundles: { 'node-late': lateUrl }, assets: { 'node-library.txt': library } })
      }),
    request,
  )
}
