// The production build on a port of its own, for scripts that drive it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fail, root } from './setup.mjs'

/** Resolves once requests are answered. `variables` join the environment. */
export function serveApp(port, variables = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
      env: { ...process.env, PORT: String(port), ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const server = { origin: `http://localhost:${port}`, close: () => child.kill() }
    child.stdout.on('data', (data) => String(data).includes('Vitrine ready') && resolve(server))
    child.on('exit', (code) => code && fail('The server did not start.'))
  })
}
