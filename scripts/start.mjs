// `npm start`: sets up what is missing, builds when stale, serves the production build on PORT or 3000.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { checkNode, ensureBuilt, ensureInstalled, fail, root } from './setup.mjs'

const port = Number(process.env.PORT ?? 3000)
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`PORT must be a number from 1 to 65535, not “${process.env.PORT}”.`)

checkNode()
await ensureInstalled()
await ensureBuilt()

const server = spawn(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'start', '-p', String(port)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
})
let ready = false
let stopping = false
let startupLog = ''
server.stdout.on('data', (data) => {
  if (ready) process.stdout.write(data)
  else startupLog += data
})
server.stderr.on('data', (data) => process.stderr.write(data))
server.on('exit', (code) => {
  if (!ready && !stopping) fail(`The server did not start.\n${startupLog.trim()}`)
  process.exit(stopping ? 0 : (code ?? 1))
})
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
    server.kill(signal)
  })
}

const url = `http://localhost:${port}`
const deadline = Date.now() + 60_000
while (!(await answers())) {
  if (Date.now() > deadline) {
    server.kill()
    fail(`The server did not answer on ${url} within a minute.\n${startupLog.trim()}`)
  }
  await new Promise((resolve) => setTimeout(resolve, 150))
}
ready = true
console.log(`Vitrine ready on ${url}`)

async function answers() {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health`)
    return response.ok && (await response.json()).status === 'ok' && server.exitCode === null
  } catch {
    return false
  }
}
