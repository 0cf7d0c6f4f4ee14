/** A command line of vite. */
export interface ViteCommand {
  name: 'dev' | 'build' | 'preview' | 'version' | 'help'
  root: string | null
  mode: string
  configFile: string | null
  port: number | null
  strictPort: boolean
  base: string | null
  outDir: string | null
  minify: boolean | null
  sourcemap: boolean | null
  /** Options that mean nothing here. */
  ignored: string[]
}

const names: Record<string, ViteCommand['name']> = { dev: 'dev', serve: 'dev', build: 'build', preview: 'preview' }
const withValue = new Set([
  'port',
  'base',
  'mode',
  'config',
  'outDir',
  'assetsDir',
  'logLevel',
  'target',
  'assetsInlineLimit',
])
const aliases: Record<string, string> = { m: 'mode', c: 'config', l: 'logLevel', h: 'help', v: 'version' }

export function parseCommand(argv: readonly string[]): ViteCommand {
  const words: string[] = []
  const options = new Map<string, string>()
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-')) {
      words.push(word)
      continue
    }
    const [flag = '', inline] = word.replace(/^--?/, '').split(/=(.*)/s)
    const name = aliases[flag] ?? flag
    const next = argv[at + 1]
    const takesNext = inline === undefined && withValue.has(name) && next !== undefined && !next.startsWith('-')
    if (takesNext) at += 1
    options.set(name, inline ?? (takesNext ? next : 'true'))
  }
  const name = names[words[0] ?? '']
  const [root = null] = name === undefined ? words : words.slice(1)
  const known = new Set([
    'port',
    'strictPort',
    'base',
    'mode',
    'config',
    'outDir',
    'minify',
    'sourcemap',
    'help',
    'version',
  ])
  const quiet = new Set(['host', 'open', 'clearScreen', 'logLevel', 'cors', 'emptyOutDir', 'force'])
  const flag = (key: string) => (options.has(key) ? options.get(key) !== 'false' : null)
  return {
    name: options.has('version') ? 'version' : options.has('help') ? 'help' : (name ?? 'dev'),
    root,
    mode: options.get('mode') ?? '',
    configFile: options.get('config') ?? null,
    port: options.has('port') ? Number(options.get('port')) : null,
    strictPort: flag('strictPort') ?? false,
    base: options.get('base') ?? null,
    outDir: options.get('outDir') ?? null,
    minify: flag('minify'),
    sourcemap: flag('sourcemap'),
    ignored: [...options.keys()].filter((key) => !known.has(key) && !quiet.has(key)),
  }
}
