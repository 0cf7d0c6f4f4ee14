import { decodeUtf8, messageOf } from '@/lib/base'
import { quote } from '../shell/quote'
import type { ProcessHost } from './host'

interface Manifest {
  name?: string
  version?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const aliases: Record<string, string> = {
  t: 'test',
  tst: 'test',
  i: 'install',
  add: 'install',
  ci: 'install',
  rum: 'run',
}
/** Script names that are commands of their own. */
const lifecycle = new Set(['test', 'start', 'stop', 'restart'])
/** What the sandbox brings along; a project may list it without having it installed. */
const provided = new Set(['vitest', 'jest', '@jest/globals', 'typescript', 'tsx', '@types/node', '@types/jest'])

/** `npm run`, `npm test`, `npm start` as npm does them; installing is refused with the reason. */
export async function npm(host: ProcessHost): Promise<number> {
  const [first = 'help', ...rest] = host.argv.slice(1).filter((word) => word !== '--silent' && word !== '-s')
  const command = aliases[first] ?? first
  if (command === '--version' || command === '-v') return say(host, '10.8.2')
  if (command === 'help' || command === '--help') return say(host, usage)
  const manifest = readManifest(host)
  if (typeof manifest === 'string') return complain(host, manifest)
  if (command === 'install') return install(host, manifest, rest)
  if (lifecycle.has(command)) return runScript(host, manifest, command, rest)
  if (command === 'run' || command === 'run-script') {
    const [name, ...words] = rest
    return name === undefined ? say(host, listScripts(manifest)) : runScript(host, manifest, name, words)
  }
  if (command === 'exec' || command === 'x')
    return npx({ ...host, argv: ['npx', ...rest.filter((word) => word !== '--')] })
  return complain(host, `npm ${command} is not available in the sandbox.\n${usage}`)
}

/** Runs a program of the sandbox by name; nothing is downloaded. */
export async function npx(host: ProcessHost): Promise<number> {
  const words = host.argv.slice(1)
  while (words[0]?.startsWith('-')) words.shift()
  const [name] = words
  if (name === undefined) return complain(host, 'Say what to run, e.g. npx vitest run.')
  if (!/^(vitest|jest|tsc|tsx|node)$/.test(name)) {
    return complain(host, `“${name}” is not in the sandbox, and packages cannot be installed yet.`)
  }
  return runChild(host, words)
}

async function runScript(host: ProcessHost, manifest: Manifest, name: string, words: string[]): Promise<number> {
  const scripts = manifest.scripts ?? {}
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  if (script === undefined) return complain(host, `Missing script: "${name}"\n\n${listScripts(manifest)}`)
  const passed = words[0] === '--' ? words.slice(1) : words
  for (const step of [`pre${name}`, name, `post${name}`]) {
    const text = Object.hasOwn(scripts, step) ? scripts[step] : undefined
    if (text === undefined) continue
    const line = step === name ? [text, ...passed.map(quote)].join(' ') : text
    host.stdout(`\n> ${[label(manifest), step].filter(Boolean).join(' ')}\n> ${line}\n\n`)
    const code = await runChild(host, ['sh', '-c', line], { npm_lifecycle_event: step, npm_lifecycle_script: text })
    if (code !== 0) return code
  }
  return 0
}

function runChild(host: ProcessHost, argv: string[], env: Record<string, string> = {}): Promise<number> {
  // Ctrl+C reaches the child as well; its exit code decides.
  host.onSignal(() => undefined)
  const child = host.spawn(argv, { stdin: 'inherit', env: { ...host.env, ...env } })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}

function install(host: ProcessHost, manifest: Manifest, words: string[]): number {
  const wanted = words.filter((word) => !word.startsWith('-'))
  const listed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  const missing = [...wanted, ...listed].filter((name) => !provided.has(name) && !isInstalled(host, name))
  if (missing.length === 0) return say(host, 'up to date: there is nothing to install')
  return complain(host, `Packages cannot be installed in the sandbox yet. Missing: ${missing.join(', ')}.`)
}

function isInstalled(host: ProcessHost, name: string): boolean {
  return host.fs.exists(`${host.cwd}/node_modules/${name}/package.json`)
}

function readManifest(host: ProcessHost): Manifest | string {
  const path = `${host.cwd}/package.json`
  if (!host.fs.exists(path)) return `There is no package.json in ${host.cwd}.`
  try {
    const value: unknown = JSON.parse(decodeUtf8(host.fs.readFile(path)) ?? '')
    return typeof value === 'object' && value !== null ? value : 'package.json must hold an object.'
  } catch (error) {
    return `package.json cannot be read: ${messageOf(error)}`
  }
}

function label({ name, version }: Manifest): string {
  return name === undefined ? '' : version === undefined ? name : `${name}@${version}`
}

function listScripts(manifest: Manifest): string {
  const scripts = Object.entries(manifest.scripts ?? {})
  if (scripts.length === 0) return 'package.json has no scripts.'
  return ['Available scripts:', ...scripts.map(([name, script]) => `  ${name}\n    ${script}`)].join('\n')
}

function say(host: ProcessHost, text: string): number {
  host.stdout(`${text}\n`)
  return 0
}

function complain(host: ProcessHost, text: string): number {
  host.stderr(`npm error ${text.replaceAll('\n', '\nnpm error ')}\n`)
  return 1
}

const usage = 'Usage: npm test | npm start | npm run [script] | npx <vitest | jest | tsc | tsx>'
