import { revive } from '../library/data'
import type { Binding, BindingContext } from './context'

/** What the sandbox decides whatever the command line says. */
const fixed: Record<string, unknown> = {
  // AsyncLocalStorage rides on frames that the loop hands on; the engine's promise hooks are out of reach.
  '--experimental-async-context-frame': true,
  '--inspect-brk': false,
  '--no-experimental-websocket': false,
}

/** What an option brings with it; options behind it may take that away. */
const implied: Record<string, Record<string, unknown>> = {
  '--experimental-transform-types': { '--experimental-strip-types': true, '--enable-source-maps': true },
}

/** Options that no thread can have for itself. */
const ofProcess = new Set(
  '--title --expose-gc --v8-pool-size --zero-fill-buffers --secure-heap --secure-heap-min --openssl-config --icu-data-dir'
    .concat(' --max-http-header-size --enable-fips --force-fips --tls-cipher-list --trace-event-categories')
    .split(' '),
)
/** In the release's table: nothing, an option of the engine, a switch; then those with a value. */
const firstTypeWithValue = 3
/** `kAllowedInEnvvar`. */
const allowedInEnvironment = 0

/** Command-line options, by the release's own table. */
export function createOptionsBinding(context: BindingContext): Binding {
  const { data, constants } = context
  const defaults = revive(data.options) as Record<string, unknown>
  const info = new Map(data.optionInfo)
  const aliases = new Map(data.optionAliases)
  let values: Record<string, unknown> = { ...defaults, ...fixed }

  function set(argument: string, next: () => string | undefined) {
    const [given = '', inline] = splitAtEquals(argument)
    const expansion = aliases.get(given)
    if (expansion?.[0] !== undefined && expansion[0] !== given) {
      set(inline === undefined ? expansion[0] : `${expansion[0]}=${inline}`, next)
      return
    }
    const isNegated = given.startsWith('--no-') && !info.has(given)
    const name = isNegated ? `--${given.slice('--no-'.length)}` : given
    if (!isNegated) Object.assign(values, implied[name])
    const before = values[name]
    if (typeof before === 'boolean' || before === undefined) values[name] = !isNegated
    else if (Array.isArray(before)) values[name] = [...before, inline ?? next() ?? '']
    else if (typeof before === 'number') values[name] = Number(inline ?? next() ?? 0)
    else values[name] = inline ?? next() ?? ''
  }

  return {
    ...constants('options'),
    getCLIOptionsValues: () => values,
    getCLIOptionsInfo: () => ({
      options: new Map([...info].map(([name, entry]) => [name, { ...entry }])),
      aliases: new Map(aliases),
    }),
    getEmbedderOptions: () => ({
      shouldNotRegisterESMLoader: false,
      noGlobalSearchPaths: false,
      noBrowserGlobals: false,
      hasEmbedderPreload: false,
    }),
    getEnvOptionsInputType: () => new Map(),
    /** The options of a thread that there are not, that lack their value, or that are the whole process's. */
    invalidInThread(argv: readonly string[]): string[] {
      return argv.filter((argument, index) => {
        const [given, inline] = splitAtEquals(argument)
        if (!given.startsWith('-')) return index === 0
        const name = info.has(given) || aliases.has(given) ? given : given.replace(/^--no-/, '--')
        const option = aliases.has(name) ? undefined : info.get(name)
        if (!option) return !aliases.has(name)
        const needsValue = Number(option.type) >= firstTypeWithValue && inline === undefined
        return ofProcess.has(name) || (needsValue && argv[index + 1] === undefined)
      })
    },
    /** What Node says to an option that it does not have, or not there; null where it takes it. */
    complaintOf(argument: string, isOfEnvironment: boolean): string | null {
      const [given] = splitAtEquals(argument.replaceAll(/(?<=^--[^=]*)_/g, '-'))
      const positive = given.replace(/^--no-?/, '--')
      const names = [given, positive, `${given}=`]
      const alias = names.find((name) => aliases.has(name))
      const option = names.map((name) => info.get(name) ?? info.get(aliases.get(name)?.[0] ?? '')).find(Boolean)
      if (isOfEnvironment) {
        const isAllowed = option?.envVarSettings === allowedInEnvironment
        return isAllowed ? null : `${argument} is not allowed in NODE_OPTIONS`
      }
      if (option !== undefined || alias !== undefined) return null
      const ofEngine = context.require<string[]>('internal/vitrine/engine_options')
      return [given, positive].some((name) => ofEngine.includes(name.slice(2))) ? null : `bad option: ${argument}`
    },
    /** Takes `--flag`, `--flag=value` and `--flag value`. */
    setArguments(argv: readonly string[]) {
      values = { ...values }
      const left = [...argv]
      for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
        if (argument.startsWith('-')) set(argument, () => left.shift())
      }
      Object.assign(values, fixed)
    },
  }
}

function splitAtEquals(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf('=')
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
