/** What a command line of `node` asks for. */
export interface NodeArguments {
  mode: 'file' | 'eval' | 'print' | 'test' | 'version' | 'stdin' | 'help' | 'check'
  code: string
  file: string
  /** Everything for Node itself, as `process.execArgv` has it. */
  execArgv: string[]
  /** Those, and what NODE_OPTIONS adds. */
  flags: string[]
  /** The options among them, without values that follow in a word of their own. */
  options: { name: string; isOfEnvironment: boolean }[]
  rest: string[]
  inputType: 'module' | 'commonjs' | null
  /** Whether the input is said to be plain JavaScript. */
  isPlain: boolean
  /** `-r` and `--require`. */
  requires: string[]
  /** `--import`. */
  imports: string[]
  /** `--loader` and `--experimental-loader`. */
  loaders: string[]
  conditions: string[]
  envFiles: { path: string; isOptional: boolean }[]
  watches: boolean
  /** `-i`: a prompt, whatever stdin is. */
  isInteractive: boolean
  /** `--entry-url`: the file is a URL. */
  isUrl: boolean
  /** Said on stderr, with exit code 9. */
  complaint: string | null
}

/** Options that take the next argument when they are given without `=`. */
const withValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--env-file',
  '--env-file-if-exists',
  '--input-type',
  '--test-name-pattern',
  '--test-skip-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-concurrency',
  '--test-timeout',
  '--test-shard',
  '--test-isolation',
  '--experimental-test-isolation',
  '--test-coverage-branches',
  '--test-coverage-exclude',
  '--test-coverage-functions',
  '--test-coverage-include',
  '--test-coverage-lines',
  '--watch-path',
  '-C',
  '--conditions',
  '--title',
  '--stack-trace-limit',
  '--unhandled-rejections',
  '--dns-result-order',
  '--max-http-header-size',
  '--disable-warning',
  '--redirect-warnings',
  '--icu-data-dir',
])
const choices: Record<string, readonly string[]> = {
  '--trace-require-module': ['all', 'no-node-modules'],
  '--unhandled-rejections': ['throw', 'strict', 'warn', 'none', 'warn-with-error-code'],
}
const evaluating = new Set(['-e', '--eval', '-p', '--print', '-pe'])

export function parseNodeArguments(argv: readonly string[], nodeOptions = ''): NodeArguments {
  const out: NodeArguments = {
    mode: 'stdin',
    code: '',
    file: '',
    execArgv: [],
    flags: [],
    options: [],
    rest: [],
    inputType: null,
    isPlain: false,
    requires: [],
    imports: [],
    loaders: [],
    conditions: [],
    envFiles: [],
    watches: false,
    isInteractive: false,
    isUrl: false,
    complaint: null,
  }
  const fromEnvironment = splitOptions(nodeOptions)
  const environment = [...fromEnvironment]
  for (let word = environment.shift(); word !== undefined; word = environment.shift())
    takeOption(out, word, { isOfEnvironment: true, next: () => environment.shift() })
  const left = [...argv]
  let hasCode = false
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const isOption = word.startsWith('-') && word !== '-' && word !== '--'
    if (!isOption) {
      if (word !== '--') left.unshift(word)
      break
    }
    out.execArgv.push(word)
    const given = word.startsWith('--eval=') ? word.slice('--eval='.length) : null
    if (given !== null || evaluating.has(word)) {
      hasCode = true
      out.mode = /^-(?:p|-print)/.test(word) ? 'print' : 'eval'
      const code = given ?? left.shift()
      if (code === undefined) out.complaint = `${word} requires an argument`
      out.code = code ?? ''
      if (given === null) out.execArgv.push(out.code)
      continue
    }
    takeOption(out, word, {
      isOfEnvironment: false,
      next() {
        const value = left.shift()
        if (value !== undefined) out.execArgv.push(value)
        return value
      },
    })
  }
  out.flags = [...fromEnvironment, ...out.execArgv]
  out.rest = left
  if (hasCode || out.mode === 'test' || out.mode === 'version' || out.mode === 'help') return out
  const [file] = left
  if (file === undefined || file === '-') return out
  return { ...out, mode: out.mode === 'check' ? 'check' : 'file', file, rest: left.slice(1) }
}

interface Words {
  isOfEnvironment: boolean
  next(): string | undefined
}

function takeOption(out: NodeArguments, word: string, { isOfEnvironment, next }: Words): void {
  out.options.push({ name: word, isOfEnvironment })
  const at = word.startsWith('--') ? word.indexOf('=') : -1
  const name = at === -1 ? word : word.slice(0, at)
  const value = at !== -1 ? word.slice(at + 1) : withValue.has(name) ? next() : undefined
  if (withValue.has(name) && value === undefined) {
    out.complaint = `${name} requires an argument`
    return
  }
  if (value !== undefined && choices[name]?.includes(value) === false) {
    out.complaint = `invalid value for ${name}`
    return
  }
  switch (name) {
    case '-v':
    case '--version':
      out.mode = 'version'
      break
    case '-h':
    case '--help':
      out.mode = 'help'
      break
    case '--v8-options':
      out.complaint = '--v8-options: the engine is the browser’s, and its options cannot be seen from here'
      break
    case '-c':
    case '--check':
      out.mode = 'check'
      break
    case '--test':
      out.mode = 'test'
      break
    case '-i':
    case '--interactive':
      out.isInteractive = true
      break
    case '--entry-url':
      out.isUrl = true
      break
    case '--watch':
      out.watches = true
      break
    case '-r':
    case '--require':
      out.requires.push(value ?? '')
      break
    case '--import':
      out.imports.push(value ?? '')
      break
    case '--loader':
    case '--experimental-loader':
      out.loaders.push(value ?? '')
      break
    case '-C':
    case '--conditions':
      out.conditions.push(value ?? '')
      break
    case '--env-file':
    case '--env-file-if-exists':
      out.envFiles.push({ path: value ?? '', isOptional: name.endsWith('exists') })
      break
    case '--input-type':
      out.inputType = value?.startsWith('module') ? 'module' : 'commonjs'
      out.isPlain = value === 'module'
      break
  }
}

/** NODE_OPTIONS: words, some in double quotes. */
export function splitOptions(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g)].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\.)*)"/g, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1')),
  )
}
