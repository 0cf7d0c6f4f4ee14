import { decodeUtf8, encodeUtf8 } from '@/lib/base'
import { serveHttp } from '../http/server'
import type { BridgeHandler } from '../preview/bridge/server'
import type { MachineHost } from '../process/machine-host'
import { resolve } from '../process/program/builtins/path'
import { build } from './build/build'
import { parseCommand, type ViteCommand } from './cli'
import { loadConfig } from './config/config'
import type { ViteContext } from './context'
import { needsBundler } from './deps/optimize'
import { createDevServer } from './dev/dev-server'
import { createEngine, engineVersion } from './engine'
import { createPackageRunner } from './frameworks/compilers'
import { hashOf, isInPackages } from './paths'
import { createPreviewServer } from './preview-server'
import { createProject } from './project'
import { connectPort, withProxy } from './proxy'
import { createWebResolver } from './resolve'

const usage = `Usage: vite [dev | build | preview] [root] [options]

  --port <port>      --strictPort      --base <path>      -m, --mode <mode>
  -c, --config <file>      --outDir <folder>      --minify      --sourcemap
`
const lockfiles = [
  'node_modules/.package-lock.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'package.json',
]

/** The commands of Vite, on this machine's own development server and bundler. */
export async function vite(host: MachineHost): Promise<number> {
  const command = parseCommand(host.argv.slice(1))
  if (command.name === 'version')
    return say(host, `vite-compatible server of this sandbox, on esbuild ${engineVersion}\n`)
  if (command.name === 'help') return say(host, usage)
  for (const name of command.ignored) host.stderr(`vite: the option --${name} is not used here.\n`)
  const context = await createContext(host, command)
  for (const warning of context.config.warnings) host.stderr(`\x1b[33mwarning:\x1b[0m ${warning}\n`)
  if (command.name === 'build') return build(context)
  if (command.name === 'preview') {
    if (!context.project.isDirectory(context.config.outDir)) {
      host.stderr(`vite: there is no ${context.config.outDir} to show; run vite build first.\n`)
      return 1
    }
    return serve(createPreviewServer(context), context, { command, startedAt: performance.now() })
  }
  return dev(context, command)
}

function say(host: MachineHost, text: string): number {
  host.stdout(text)
  return 0
}

async function createContext(host: MachineHost, command: ViteCommand): Promise<ViteContext> {
  const root = command.root === null ? host.cwd : resolve(host.cwd, command.root)
  const project = createProject(host.fs, root)
  const config = await loadConfig(project, {
    command: command.name === 'build' ? 'build' : 'serve',
    mode: command.mode,
    env: host.env,
    ...(command.configFile !== null && { configFile: resolve(root, command.configFile) }),
    overrides: {
      ...(command.base !== null && { base: command.base }),
      ...(command.outDir !== null && { outDir: command.outDir }),
      ...(command.port !== null && { port: command.port }),
      ...(command.minify !== null && { minify: command.minify }),
      ...(command.sourcemap !== null && { sourcemap: command.sourcemap }),
    },
  })
  const resolver = createWebResolver(project, config)
  const esbuild = createEngine(host.services)
  const { services } = host
  const cache: ViteContext['cache'] = {
    async read(key) {
      const bytes = await services.readCache(`vite/${key}`)
      return bytes && decodeUtf8(bytes)
    },
    write: (key, text) => services.writeCache(`vite/${key}`, encodeUtf8(text)),
  }
  const packagesKey = hashOf(
    lockfiles.map((name) => project.find(`${root}/${name}`)).find((text) => text !== null) ?? '',
  )
  return {
    host,
    project,
    config,
    resolver,
    esbuild,
    runner: createPackageRunner({ project, resolver, esbuild, cache }),
    packagesKey,
    cache,
    warn: (text) => host.stderr(`\x1b[33mwarning:\x1b[0m ${text}\n`),
  }
}

/** A change of the config starts the server anew, under the same port. */
async function dev(first: ViteContext, command: ViteCommand): Promise<number> {
  const startedAt = performance.now()
  let context = first
  let server = createDevServer(context)
  const { host, project } = context
  let waiting: string[] = []

  async function takeChanges() {
    const paths = [...new Set(waiting)]
    waiting = []
    const isConfig = paths.some(
      (path) =>
        path.startsWith(`${project.root}/`) &&
        /\/(?:(?:vite|postcss|tailwind)\.config\.[cm]?[jt]s|\.env(?:\.[\w.]+)?|tsconfig(?:\.\w+)?\.json)$/.test(path) &&
        !isInPackages(path),
    )
    if (!isConfig) return server.changed(paths)
    host.stdout('\x1b[36m[vite]\x1b[0m the config has changed, starting anew\n')
    const before = server
    context = await createContext(host, command)
    server = createDevServer(context)
    await before.changed([`${context.config.root}/index.html`])
  }
  host.services.onFiles((paths) => {
    // Also outside the app's folder: other packages of its workspace.
    const own = paths.filter((path) => !isInPackages(path) && !path.startsWith(`${context.config.outDir}/`))
    if (own.length === 0) return
    if (waiting.length === 0) {
      queueMicrotask(() => takeChanges().catch((error: unknown) => host.stderr(`\x1b[31m✘\x1b[0m ${String(error)}\n`)))
    }
    waiting.push(...own)
  })
  void needsBundler(context).then((isNeeded) => {
    // Fetched and compiled while the app is read; whoever needs it reports what is wrong with it.
    if (isNeeded) host.services.wasm('esbuild').catch(() => undefined)
  })
  const warm = server.warmUp()
  return serve({ request: (request) => server.request(request) }, context, { command, startedAt, warm })
}

interface ServerStart {
  command: ViteCommand
  startedAt: number
  /** Pages are answered from then on. */
  warm?: Promise<void>
}

/** Listens until the process is ended. */
async function serve(handler: BridgeHandler, { host, config }: ViteContext, start: ServerStart): Promise<number> {
  const { command, startedAt } = start
  const { kernel } = host
  if (!kernel) throw new Error('This machine has no ports to listen on.')
  const isPreview = command.name === 'preview'
  const proxied = withProxy(handler, {
    rules: isPreview ? config.previewProxy : config.proxy,
    connect: (port) => connectPort(kernel, port),
    onError: (text) => host.stderr(`\x1b[31m[vite] ${text}\x1b[0m\n`),
  })
  const events = {
    connection: (wire: Parameters<typeof serveHttp>[0]) => void serveHttp(wire, proxied),
    failed: () => undefined,
  }
  const first = isPreview ? config.previewPort : config.port
  const isStrict = command.strictPort || (isPreview ? config.previewStrictPort : config.strictPort)
  await start.warm
  let port = first
  while (!kernel.listen(port, events)) {
    if (isStrict) {
      host.stderr(`Error: Port ${port} is already in use\n`)
      return 1
    }
    host.stdout(`Port ${port} is in use, trying another one...\n`)
    port += 1
  }
  const base = config.base.startsWith('/') ? config.base : '/'
  const ready = Math.round(performance.now() - startedAt)
  host.stdout(
    `\n  \x1b[32m\x1b[1mVITE\x1b[0m \x1b[90m(in this tab)\x1b[0m  ready in \x1b[1m${ready}\x1b[0m ms\n\n  \x1b[32m➜\x1b[0m  \x1b[1mLocal\x1b[0m:   \x1b[36mhttp://localhost:\x1b[1m${port}\x1b[22m${base}\x1b[0m\n`,
  )
  return new Promise(() => undefined)
}
