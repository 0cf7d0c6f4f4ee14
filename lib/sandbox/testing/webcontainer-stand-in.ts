import type { FileSystemTree, WebContainer, WebContainerProcess } from '@webcontainer/api'
import { decodeUtf8, encodeUtf8 } from '@/lib/base'
import type { FileData } from '@/lib/workspace'
import { runCommand } from '../run'
import type { Sandbox } from '../types'
import { toTree } from '../webcontainer/file-tree'

/**
 * WebContainer's published API (1.6.4) on another sandbox, as far as our adapter uses it and with its habits: one output
 * stream behind a pseudo-terminal, kill without a signal's name, a watcher that only tells names. For tests alone.
 */
export function createWebContainerStandIn(sandbox: Sandbox): WebContainer {
  const watchers = new Set<(event: 'change', name: string) => void>()
  const tell = (path: string) => {
    for (const listener of watchers) listener('change', path)
  }
  sandbox.onFiles((changes) => {
    for (const { path } of changes) tell(path)
  })
  const quoted = (path: string) => `'${path.replaceAll("'", `'"'"'`)}'`

  async function read(path: string): Promise<FileData> {
    const known = (await sandbox.snapshot()).get(path)
    if (known !== undefined) return known
    const { exitCode, stdout } = await runCommand(sandbox, `cat ${quoted(path)}`)
    if (exitCode !== 0) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
    return stdout
  }

  const fs = {
    async readFile(path: string, encoding?: string) {
      const data = await read(path)
      const bytes = typeof data === 'string' ? encodeUtf8(data) : data
      return encoding === 'utf8' ? (decodeUtf8(bytes) ?? '') : bytes
    },
    async writeFile(path: string, after: FileData) {
      await sandbox.apply([{ path, after }])
      tell(path)
    },
    async rm(path: string) {
      const inside = [...(await sandbox.snapshot()).keys()].filter((name) => name.startsWith(`${path}/`))
      await runCommand(sandbox, `rm -rf ${quoted(path)}`)
      for (const name of [...inside, path]) tell(name)
    },
    mkdir: async (path: string) => void (await runCommand(sandbox, `mkdir -p ${quoted(path)}`)),
    readdir: async () => (await runCommand(sandbox, 'ls -A')).stdout.split('\n').filter(Boolean),
    watch(_path: string, _options: object, listener: (event: 'change', name: string) => void) {
      watchers.add(listener)
      return { close: () => watchers.delete(listener) }
    },
  }

  async function spawn(
    _shell: string,
    [, line = '']: string[],
    options: SpawnOptions = {},
  ): Promise<WebContainerProcess> {
    const child = await sandbox.spawn(line, {
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.env && { env: options.env }),
    })
    let output: ReadableStreamDefaultController<string> | undefined
    const stream = new ReadableStream<string>({
      start(controller) {
        output = controller
      },
    })
    const decoder = new TextDecoder()
    child.onOutput(({ data }) => output?.enqueue(decoder.decode(data, { stream: true })))
    const exit = child.exit.then(({ exitCode }) => {
      output?.close()
      return exitCode
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal sends for Ctrl+C and Ctrl+D
    const controls = /(?=[\u0003\u0004])|(?<=[\u0003\u0004])/
    const input = new WritableStream<string>({
      write(text) {
        for (const part of text.split(controls)) {
          if (part === '\u0003') child.kill('SIGINT')
          else if (part === '\u0004') child.closeStdin()
          else if (part) child.write(part)
        }
      },
    })
    return { exit, input, output: stream, kill: () => child.kill('SIGKILL'), resize: () => undefined }
  }

  return {
    fs,
    spawn,
    mount: (tree: FileSystemTree) => sandbox.mount(new Map(flatten(tree))),
    export: async () => toTree(await sandbox.snapshot()),
    on: (_event: 'port', listener: (port: number, type: 'open' | 'close', url: string) => void) =>
      sandbox.onPort(({ port, open }) => listener(port, open ? 'open' : 'close', `http://localhost:${port}`)),
    teardown: () => void sandbox.dispose(),
    workdir: '/home/project',
  } as unknown as WebContainer
}

interface SpawnOptions {
  cwd?: string
  env?: Record<string, string>
}

function* flatten(tree: FileSystemTree, prefix = ''): Iterable<[path: string, data: FileData]> {
  for (const [name, node] of Object.entries(tree)) {
    if ('directory' in node) yield* flatten(node.directory, `${prefix}${name}/`)
    else if ('contents' in node.file) yield [prefix + name, node.file.contents]
  }
}
