// Entry of the Worker that the browser tests run programs in: the real programs on a host that only records.
import type { TestReport } from '../../../../types'
import type { ProcessHost } from '../../host'
import { createVirtualFs } from '../../virtual-fs'
import { programs, takeAssets } from '..'
import { runTests, testPrograms } from '../testing'

/** What a test asks of a Worker. Paths are project-relative. */
export interface WorkerRequest {
  files: Record<string, string>
  argv: string[]
  env?: Record<string, string>
  stdin?: string
  cwd?: string
  terminal?: { columns: number; rows: number }
  /** Runs `runTests` instead of a program. */
  test?: { files?: string[]; filter?: string }
  /** URLs of the bundles that are loaded on first use, by name; the harness gives them. */
  bundles?: Record<string, string>
  assets?: Record<string, unknown>
}

export interface WorkerResult {
  exitCode: number
  stdout: string
  stderr: string
  files: Record<string, string>
  report: TestReport | null
  ms: number
}

const root = '/home/project'

self.addEventListener('message', ({ data: request }: MessageEvent<WorkerRequest>) => void run(request), { once: true })

async function run(request: WorkerRequest) {
  takeAssets(request.assets ?? {})
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const post = self.postMessage.bind(self)
  const startedAt = performance.now()
  const output = { stdout: '', stderr: '' }
  let hasEnded = false
  const fs = createVirtualFs(
    Object.entries(request.files).map(([path, text]) => ({
      path: `${root}/${path}`,
      kind: 'file',
      data: encoder.encode(text),
      mtimeMs: 0,
      mode: 0o644,
    })),
  )
  fs.mkdir(root, { recursive: true })
  const write = (stream: 'stdout' | 'stderr') => (data: string | Uint8Array) => {
    if (!hasEnded) output[stream] += typeof data === 'string' ? data : decoder.decode(data)
  }

  function finish(exitCode: number, report: TestReport | null = null) {
    if (hasEnded) return
    hasEnded = true
    const files: Record<string, string> = {}
    const collect = (folder: string) => {
      for (const name of fs.readdir(folder)) {
        const path = `${folder}/${name}`
        const { kind } = fs.lstat(path)
        if (kind === 'directory') collect(path)
        else if (kind === 'file') files[path.slice(root.length + 1)] = decoder.decode(fs.readFile(path))
      }
    }
    collect(root)
    post({ exitCode, ...output, files, report, ms: performance.now() - startedAt } satisfies WorkerResult)
  }

  const host: ProcessHost = {
    argv: request.argv,
    env: { HOME: root, ...request.env },
    cwd: request.cwd === undefined ? root : `${root}/${request.cwd}`,
    pid: 7,
    fs,
    stdout: write('stdout'),
    stderr: write('stderr'),
    stdin: {
      complete: encoder.encode(request.stdin ?? ''),
      onData(listener) {
        if (request.stdin) queueMicrotask(() => listener(encoder.encode(request.stdin)))
      },
      onEnd: (listener) => void setTimeout(listener, 0),
    },
    terminal: request.terminal ?? null,
    onSignal: () => {},
    exit(code) {
      finish(code)
      throw new Error('The process has ended.')
    },
    bundleUrl: (name) => request.bundles?.[name] ?? null,
    spawn() {
      throw new Error('This host starts no other programs.')
    },
  }

  try {
    if (request.test !== undefined) return finish(0, await runTests(host, request.test))
    const program = { ...programs, ...testPrograms }[request.argv[0] ?? '']
    if (program === undefined) throw new Error(`No such program: ${request.argv[0]}`)
    finish(await program(host))
  } catch (error) {
    host.stderr(`${error instanceof Error ? error.stack : String(error)}\n`)
    finish(1)
  }
}
