import { decodeUtf8, messageOf } from '@/lib/base'
import { quote } from '../shell/quote'
import type { ProcessHost } from './host'

interface Manifest {
  name?: string
  version?: string
  scripts?: Record<string, string>
}

const aliases: Record<string, string> = {
  t: 'test',
  tst: 'test',
  rum: 'run',
}
/** Script names that are commands of their own. */
const lifecycle = new Set(['test', 'start', 'stop', 'restart'])

/** `npm run`, `npm test`, `npm start` as npm does them. The rest of npm is in a bundle of its own (see `npm/program.ts`). */
export async function npm(host: ProcessHost): Promise<number> {
  const [first = 'help', ...rest] = host.argv.slice(1).filter((word) => word !== '--silent' && word !== '-s')
  const command = aliases[first] ?? first
  if (command === 'help' || command === '--help') return say(host, usage)
  const manifest = readManifest(host)
  if (typeof manifest === 'string') return complain(host, manifest)
  if (lifecycle.has(command)) return runScript(host, manifest, command, rest)
  if (command === 'run' || command === 'run-script') {
    const [name, ...words] = rest
    return name === undefined ? say(host, listScripts(manifest)) : runScript(host, manifest, name, words)
  }
  return complain(host, `npm ${command} is not available in the sandbox.\n${usage}`)
}

/** `npx` for what the sandbox brings along; the kernel sends nothing else here. */
export async function npx(host: ProcessHost): Promise<number> {
  return runChild(host, host.argv.slice(1))
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
  const PATH = `${host.cwd}/node_modules/.bin:${host.env.PATH ?? ''}`
  const child = host.spawn(argv, { stdin: 'inherit', env: { ...host.env, PATH, ...env } })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
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

const usage =
  'Usage: npm install [name…] | ci | uninstall | update | ls | outdated | view | init | exec | run [script] | test | start'
