import type { Workspace } from '@/lib/workspace'
import type { Session } from './types'

/** How long a server may take until it listens, with installing. */
const startTimeoutMs = 180_000

/**
 * Runs the `dev` script of a project whose pages need a server to be seen; null when there is none. Resolves when it has
 * been given time to listen, rejects with what it said when it ended.
 */
export function startDevServer(workspace: Workspace, runtime: Session['runtime']): Promise<void> | null {
  const script = devScript(workspace)
  // A project that has just been made has no packages yet.
  return script === null ? null : run(`test -d node_modules || npm install && npm run ${script}`, runtime)
}

function devScript({ files }: Workspace): string | null {
  const text = files.get('package.json')
  if (typeof text !== 'string') return null
  try {
    const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, unknown> }
    return ['dev', 'start'].find((name) => /\bvite\b/.test(String(scripts[name] ?? ''))) ?? null
  } catch {
    return null
  }
}

async function run(command: string, runtime: Session['runtime']): Promise<void> {
  const server = await runtime.spawn(command)
  let said = ''
  const decoder = new TextDecoder()
  server.onOutput(({ data }) => {
    said = (said + decoder.decode(data, { stream: true })).slice(-4000)
  })
  const limit = new Promise<'slow'>((resolve) => setTimeout(() => resolve('slow'), startTimeoutMs))
  const end = await Promise.race([server.exit, limit])
  if (end !== 'slow') throw new Error(`“${command}” ended with exit code ${end.exitCode}.\n${said.trim()}`)
}
