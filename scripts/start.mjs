// `npm start`: sets up what is missing, builds when stale, serves the production build on PORT or 3000, to this machine
// alone unless `--hostname` or VITRINE_HOST says otherwise.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { listenHost, reachedAt } from './listen-host.mjs'
import { checkNode, ensureBuilt, ensureInstalled, fail, orFail, root } from './setup.mjs'

const port = Number(process.env.PORT ?? 3000)
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`PORT must be a number from 1 to 65535, not “${process.env.PORT}”.`)
const host = orFail(() => listenHost(process.argv.slice(2), process.env))
let server = null
let stopping = false
// npm passes no signal on that it alone was sent, and leaves us behind.
if (process.env.npm_lifecycle_event) {
  const { ppid } = process
  setInterval(() => process.ppid !== ppid && !stopping && stop('SIGTERM'), 500).unref()
}

checkNode()
await ensureInstalled()
await ensureBuilt()

await requireFree()
const next = join(root, 'node_modules/next/dist/bin/next')
// What the server holds is little: without this it is searched for garbage after every few megabytes that pass through,
// which costs a third of the processor's time of an install.
const heap = '--initial-old-space-size=128'
server = spawn(process.execPath, [heap, next, 'start', '-p', String(port), '-H', host], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
})
let ready = false
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
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal))

const { shown, asked } = reachedAt(host, port)
const deadline = Date.now() + 60_000
while (!(await answers())) {
  if (Date.now() > deadline) {
    server.kill()
    fail(`The server did not answer on ${shown} within a minute.\n${startupLog.trim()}`)
  }
  await new Promise((resolve) => setTimeout(resolve, 150))
}
ready = true
console.log(`Vitrine ready on ${shown}`)

function stop(signal) {
  stopping = true
  if (server === null) process.exit()
  server.kill(signal)
}

/** What answers there would be taken for ours. */
async function requireFree() {
  const probe = createServer().listen(port, host)
  try {
    await once(probe, 'listening')
  } catch (error) {
    fail(`Port ${port} of ${host} cannot be had (${error.code}). Choose another: PORT=${port + 1} npm start`)
  }
  await new Promise((resolve) => probe.close(resolve))
}

async function answers() {
  try {
    const response = await fetch(`${asked}/api/health`)
    return response.ok && (await response.json()).status === 'ok' && server.exitCode === null
  } catch {
    return false
  }
}
