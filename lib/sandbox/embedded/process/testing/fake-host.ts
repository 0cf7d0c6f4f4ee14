import { encodeUtf8 } from '@/lib/base'
import { isScript } from '@/lib/workspace'
import { createProcessServices } from '../../services/process-services'
import { projectRoot } from '../host'
import type { MachineHost } from '../machine-host'
import { createStdin } from '../stdin'
import { createVirtualFs } from '../virtual-fs'
import { installOps } from '../worker-host'

export interface FakeChild {
  stdout?: string
  stderr?: string
  exitCode?: number
}

/** A machine without Workers: files in memory, output collected, children answered by `run`. */
export function createFakeHost(
  argv: string[],
  files: Record<string, string> = {},
  run: (argv: string[], stdin: 'inherit' | Uint8Array | undefined) => FakeChild = () => ({}),
) {
  const records = Object.entries(files).map(([path, text]) => ({
    kind: 'file' as const,
    path: `${projectRoot}/${path}`,
    data: encodeUtf8(text),
    mtimeMs: 0,
    mode: isScript(text) ? 0o755 : 0o644,
  }))
  const fs = createVirtualFs(records)
  fs.mkdir(projectRoot, { recursive: true })
  const written: { stream: 'stdout' | 'stderr'; text: string }[] = []
  const write = (stream: 'stdout' | 'stderr') => (data: string | Uint8Array) => {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
    if (text !== '') written.push({ stream, text })
  }
  const host: MachineHost = {
    argv,
    env: { HOME: projectRoot, PATH: '/usr/bin' },
    cwd: projectRoot,
    pid: 7,
    fs,
    terminal: null,
    stdin: createStdin(new Uint8Array()),
    stdout: write('stdout'),
    stderr: write('stderr'),
    onSignal: () => undefined,
    check: async () => [],
    services: createProcessServices(() => undefined).api,
    fetchPackage: async (request) => {
      throw new Error(`nobody serves ${JSON.stringify(request)}`)
    },
    install: (removed, packages) => fs.applyRemote(installOps(removed, packages)),
    list: async () => [],
    exit(code) {
      throw new Error(`exit ${code}`)
    },
    spawn(childArgv, options = {}) {
      const { stdout = '', stderr = '', exitCode = 0 } = run(childArgv, options.stdin)
      return {
        pid: 8,
        kill: () => undefined,
        exit: Promise.resolve(exitCode),
        onOutput(listener) {
          listener({ stream: 'stdout', data: encodeUtf8(stdout) })
          listener({ stream: 'stderr', data: encodeUtf8(stderr) })
        },
      }
    },
  }
  const textOf = (stream: 'stdout' | 'stderr') =>
    written
      .filter((entry) => entry.stream === stream)
      .map((entry) => entry.text)
      .join('')
  return { host, written, stdout: () => textOf('stdout'), stderr: () => textOf('stderr') }
}
