import { projectRoot } from '../../process/host'
import { createFakeHost } from '../../process/testing/fake-host'
import { createVirtualFs } from '../../process/virtual-fs'
import type { TerminalSize } from '../../protocol'
import { loadNpm, type NpmPrograms } from './load-npm'
import type { TestRegistry } from './registry'

export interface TestMachine {
  run(line: string): Promise<{ code: number; stdout: string; stderr: string }>
  read(path: string): string | null
  json(path: string): unknown
  write(path: string, data: string | Uint8Array): void
  isExecutable(path: string): boolean
  /** Names in a folder; none when it is not there. */
  names(path: string): string[]
  /** What was started: by `npx`, say. */
  started: string[][]
}

interface MachineOptions {
  terminal?: TerminalSize | null
  /** Hears that a program is started, before it ends. */
  onStart?(): void
}

let programs: Promise<NpmPrograms> | null = null

/** A project, a registry and npm, in Node. */
export async function createTestMachine(
  files: Record<string, unknown>,
  registry: Pick<TestRegistry, 'fetchPackage'>,
  { terminal = null, onStart = () => {} }: MachineOptions = {},
): Promise<TestMachine> {
  programs ??= loadNpm()
  const { npm, npx, asOther } = await programs
  const fs = createVirtualFs([])
  fs.mkdir(projectRoot, { recursive: true })
  fs.mkdir('/tmp')
  const started: string[][] = []
  const write = (path: string, data: string | Uint8Array) => {
    const full = `${projectRoot}/${path}`
    fs.mkdir(full.slice(0, full.lastIndexOf('/')), { recursive: true })
    fs.writeFile(full, data)
  }
  for (const [path, content] of Object.entries(files)) {
    write(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  const read = (path: string) =>
    fs.exists(`${projectRoot}/${path}`) ? new TextDecoder().decode(fs.readFile(`${projectRoot}/${path}`)) : null

  return {
    started,
    write,
    read,
    json: (path) => JSON.parse(read(path) ?? 'null'),
    isExecutable: (path) => (fs.stat(`${projectRoot}/${path}`).mode & 0o111) !== 0,
    names: (path) => (fs.exists(`${projectRoot}/${path}`) ? fs.readdir(`${projectRoot}/${path}`) : []),
    async run(line) {
      const argv = line.split(' ')
      const fake = createFakeHost(argv, {}, (child) => {
        started.push(child)
        onStart()
        return {}
      })
      const host = {
        ...fake.host,
        fs,
        terminal,
        fetchPackage: registry.fetchPackage,
        install: (...[removed, packages]: Parameters<typeof fake.host.install>) =>
          fs.applyRemote([...removed.map((path) => ({ kind: 'gone' as const, path })), ...packages]),
      }
      const program = { npm, npx, pnpm: asOther('pnpm'), yarn: asOther('yarn') }[argv[0] ?? '']
      if (!program) throw new Error(`no program ${argv[0]}`)
      const code = await program(host)
      return { code, stdout: fake.stdout(), stderr: fake.stderr() }
    },
  }
}
