import { sanitizeTerminal } from '@/lib/safety'
import type { SandboxProcess } from '@/lib/sandbox'
import type { StartedServer } from '@/lib/sandbox/embedded/preview'
import { findPreviewPage } from '@/lib/sandbox/embedded/preview/static/site-files'
import type { FileMap, Workspace } from '@/lib/workspace'
import type { Session } from '../types'

/** How long a server may take until it listens, with installing. */
const startTimeoutMs = 180_000
/** What programs draw their progress for. */
const terminal = { columns: 44, rows: 10 }

/**
 * Runs the `dev` or `start` script of a project whose pages need a server to be seen; null when there is none. Its
 * packages are installed first where they are missing.
 */
export function startDevServer(
  workspace: Workspace,
  runtime: Session['runtime'],
  tell: (progress: string) => void,
): StartedServer | null {
  const script = devScript(workspace.files)
  if (script === null) return null
  let current: SandboxProcess | null = null
  let isStopped = false

  async function run(command: string): Promise<void> {
    if (isStopped) return
    tell(command)
    const child = await runtime.spawn(command, { terminal })
    current = child
    const said = follow(child, (line) => tell(line))
    const limit = new Promise<'slow'>((resolve) => setTimeout(() => resolve('slow'), startTimeoutMs))
    const end = await Promise.race([child.exit, limit])
    if (end === 'slow' || isStopped || endedByUser.has(end.exitCode)) return
    if (end.exitCode === 0 && command === install) return
    const how = end.exitCode === 0 ? 'has ended and left no server behind' : `ended with exit code ${end.exitCode}`
    throw new Error(`“${command}” ${how}.\n${said()}`.trim())
  }

  async function start() {
    // A project that has just been made has no packages yet.
    const { exitCode } = await runtime.run('test -d node_modules')
    if (exitCode !== 0 && hasDependencies(workspace.files)) await run(install)
    await run(`npm run ${script}`)
  }
  return {
    done: start(),
    stop() {
      isStopped = true
      current?.kill('SIGTERM')
    },
  }
}

const install = 'npm install'
/** Killed, interrupted, terminated: that is no failure of the program's. */
const endedByUser: ReadonlySet<number> = new Set([130, 137, 143])

/** Tells the line that is being written; the answer gives the last of what was said, for when it goes wrong. */
function follow(child: SandboxProcess, tell: (line: string) => void): () => string {
  let said = ''
  const decoder = new TextDecoder()
  child.onOutput(({ data }) => {
    said = (said + plain(decoder.decode(data, { stream: true }))).slice(-4000)
    const line = said.split(/[\r\n]/).findLast((part) => part.trim() !== '')
    if (line !== undefined) tell(line.trim())
  })
  return () => said.replaceAll(/[^\n]*\r(?!\n)/g, '').trim()
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strips colours
  return sanitizeTerminal(text).replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, '')
}

function readPackage(files: FileMap): { scripts: Record<string, unknown>; dependencies: object } {
  const text = files.get('package.json')
  const empty = { scripts: {}, dependencies: {} }
  if (typeof text !== 'string') return empty
  try {
    const { scripts, dependencies, devDependencies } = JSON.parse(text) as Record<string, object | undefined>
    return { scripts: { ...scripts }, dependencies: { ...dependencies, ...devDependencies } }
  } catch (error) {
    // Half typed: as if there were none yet.
    if (error instanceof SyntaxError) return empty
    throw error
  }
}

function hasDependencies(files: FileMap): boolean {
  return Object.keys(readPackage(files).dependencies).length > 0
}

/** Pages of vite need their server; other servers are started where there is no page to show without one. */
export function devScript(files: FileMap): string | null {
  const { scripts } = readPackage(files)
  const names = ['dev', 'start'].filter((name) => typeof scripts[name] === 'string')
  const onVite = names.find((name) => /\bvite\b/.test(String(scripts[name])))
  if (onVite !== undefined) return onVite
  return findPreviewPage(files) === null ? (names[0] ?? null) : null
}
