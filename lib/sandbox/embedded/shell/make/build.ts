import { expand, MakeFailure, type Scope, stemOf, type Variable, withValues } from './expansion'
import type { Makefile, RecipeLine, Rule } from './makefile'

export interface BuildOptions {
  makefile: Makefile
  scope: Scope
  /** When a file was changed; null when there is none. */
  mtimeOf(path: string): number | null
  run(line: string, variables: ReadonlyMap<string, string>): Promise<number>
  /** Deletes a file. */
  remove(path: string): void
  /** Whether the environment has a variable. */
  inherits(name: string): boolean
  out(text: string): void
  err(text: string): void
  /** What messages call this make: `make`, `make[1]`. */
  name: string
  isDry: boolean
  isSilent: boolean
  isForced: boolean
  /** Says only whether there is anything to do. */
  isQuestion: boolean
  goesOn: boolean
  ignoresErrors: boolean
}

interface Made {
  /** What depends on it is older now. */
  isNew: boolean
  hasRun: boolean
  mtime: number
}

/** How a target came to be made. */
interface Way {
  path: readonly string[]
  /** Variables of the targets that need it. */
  inherited: ReadonlyMap<string, Variable>
}

interface Surroundings {
  own: Scope
  variables: ReadonlyMap<string, Variable>
}

/** Not made, for a reason that was told already. */
class Unmade extends MakeFailure {
  constructor(
    /** What it needs failed, not its own recipe. */
    readonly isByNeed: boolean,
  ) {
    super('', true)
  }
}

/** With `-q`: something is to be made. */
export class OutOfDate extends MakeFailure {
  constructor() {
    super('', true)
  }
}

/** Makes targets, each once. */
export function createBuild(options: BuildOptions) {
  const { makefile, scope, mtimeOf, out, err, name } = options
  const made = new Map<string, Promise<Made>>()
  const phony = new Set(makefile.rules.get('.PHONY')?.prerequisites)
  /** Whether a target such as `.SILENT` is there for all, or for this one. */
  const isListed = (list: string, target: string) => {
    const listed = makefile.rules.get(list)
    return listed !== undefined && (listed.prerequisites.length === 0 || listed.prerequisites.includes(target))
  }
  const isOneShell = makefile.rules.has('.ONESHELL')
  const exportsAll = makefile.exportsAll || makefile.rules.has('.EXPORT_ALL_VARIABLES')
  let hasFailed = false
  return { makeGoal, hasFailed: () => hasFailed }

  async function makeGoal(goal: string): Promise<void> {
    const isKnown = made.has(goal)
    try {
      const { hasRun } = await make(goal, { path: [], inherited: new Map() })
      if (options.isSilent || options.isQuestion || (hasRun && !isKnown)) return
    } catch (error) {
      if (!(error instanceof Unmade)) throw error
      if (error.isByNeed) err(`${name}: Target '${goal}' not remade because of errors.\n`)
      return
    }
    const hasRecipe = (findRule(goal)?.recipe.length ?? 0) > 0 && !phony.has(goal)
    out(hasRecipe ? `${name}: '${goal}' is up to date.\n` : `${name}: Nothing to be done for '${goal}'.\n`)
  }

  function make(target: string, way: Way): Promise<Made> {
    const known = made.get(target)
    if (known) return known
    const result = makeOnce(target, way).catch((error: unknown) => {
      if (!(error instanceof MakeFailure) || error instanceof Unmade || !options.goesOn) throw error
      tellFailure(error)
      throw new Unmade(false)
    })
    made.set(target, result)
    return result
  }

  async function makeOnce(target: string, way: Way): Promise<Made> {
    const rule = findRule(target)
    if (rule) {
      let result = await makeBy(rule, target, way)
      for (const other of rule.others ?? []) {
        const { isNew, hasRun, mtime } = await makeBy(other, target, way)
        result = { isNew: result.isNew || isNew, hasRun: result.hasRun || hasRun, mtime }
      }
      return result
    }
    if (phony.has(target)) return { isNew: true, hasRun: false, mtime: 0 }
    const mtime = mtimeOf(target)
    if (mtime !== null) return { isNew: false, hasRun: false, mtime }
    const parent = way.path.at(-1)
    throw new MakeFailure(
      `No rule to make target '${target}'${parent === undefined ? '' : `, needed by '${parent}'`}.  Stop.`,
    )
  }

  async function makeBy(rule: Rule, target: string, { path, inherited }: Way): Promise<Made> {
    const mtime = phony.has(target) ? null : mtimeOf(target)
    const matching = makefile.patternVariables.filter((each) => stemOf(each.target, target) !== null)
    const variables = new Map([...inherited, ...matching.flatMap((each) => [...each.variables]), ...rule.variables])
    const own = withVariables(variables)
    const passed = new Map([...variables].filter(([, { isPrivate }]) => !isPrivate))
    const results: { word: string; made: Made }[] = []
    let isBroken = false
    for (const word of [...rule.prerequisites, ...rule.orderOnly]) {
      if (word === target || path.includes(word)) {
        err(`${name}: Circular ${target} <- ${word} dependency dropped.\n`)
        continue
      }
      try {
        results.push({ word, made: await make(word, { path: [...path, target], inherited: passed }) })
      } catch (error) {
        if (!(error instanceof Unmade)) throw error
        isBroken = true
      }
    }
    if (isBroken) throw new Unmade(true)
    const normal = results.filter(({ word }) => rule.prerequisites.includes(word))
    const isStale =
      options.isForced || mtime === null || normal.some(({ made: each }) => each.isNew || each.mtime > mtime)
    const hasRun = results.some(({ made: each }) => each.hasRun)
    if (!isStale || rule.recipe.length === 0) return { isNew: isStale && mtime === null, hasRun, mtime: mtime ?? 0 }
    const newer = normal.filter(({ made: each }) => mtime === null || each.isNew || each.mtime > mtime)
    const automatic = automaticVariables(
      target,
      rule,
      newer.map(({ word }) => word),
    )
    const count = await runRecipe(target, rule.recipe, { own: withValues(own, automatic), variables })
    return { isNew: true, hasRun: hasRun || count > 0, mtime: mtimeOf(target) ?? Date.now() }
  }

  function tellFailure({ message, isWhole }: MakeFailure) {
    hasFailed = true
    err(isWhole ? `${message}\n` : `${name}: *** ${message.replace(/ {2}Stop\.$/, '')}\n`)
  }

  function withVariables(variables: ReadonlyMap<string, Variable>): Scope {
    return variables.size === 0 ? scope : { ...scope, lookup: (key) => variables.get(key) ?? scope.lookup(key) }
  }

  /** The rule of the target, with the recipe of a pattern where it has none of its own. */
  function findRule(target: string): Rule | null {
    const own = makefile.rules.get(target)
    if (own && (own.recipe.length > 0 || phony.has(target))) return own
    if (phony.has(target)) return null
    // The shortest stem is the nearest match.
    const patterns = makefile.patterns.toSorted((a, b) => b.target.length - a.target.length)
    for (const pattern of patterns) {
      const stem = stemOf(pattern.target, target)
      if (stem === null || stem === '' || pattern.recipe.length === 0) continue
      const fill = (words: readonly string[]) => words.map((word) => word.replace('%', () => stem))
      const needed = fill(pattern.prerequisites)
      if (!needed.every((word) => mtimeOf(word) !== null || makefile.rules.has(word) || isMadeByPattern(word, target)))
        continue
      const prerequisites = [...needed, ...(own?.prerequisites ?? [])]
      const orderOnly = [...fill(pattern.orderOnly), ...(own?.orderOnly ?? [])]
      return { prerequisites, orderOnly, recipe: pattern.recipe, variables: own?.variables ?? new Map(), stem }
    }
    if (own) return own
    const other = makefile.rules.get('.DEFAULT')
    return other && mtimeOf(target) === null ? other : null
  }

  /** One step is looked ahead, so that patterns that make each other end. */
  function isMadeByPattern(word: string, from: string): boolean {
    return makefile.patterns.some((pattern) => {
      const stem = stemOf(pattern.target, word)
      if (stem === null || stem === '') return false
      const needed = pattern.prerequisites.map((each) => each.replace('%', () => stem))
      return needed.every((each) => each !== from && (mtimeOf(each) !== null || makefile.rules.has(each)))
    })
  }

  /** Answers how many lines were run. */
  async function runRecipe(
    target: string,
    recipe: readonly RecipeLine[],
    { own, variables }: Surroundings,
  ): Promise<number> {
    const commands: Command[] = []
    for (const { text, place } of recipe) {
      scope.cursor.place = place
      const callsMake = /\$(?:\(MAKE\)|\{MAKE\})/.test(text)
      const outer = splitPrefix(text).prefix
      // A variable of several lines is several commands; where a line goes on, the shell joins it.
      for (const line of (await expand(text, own)).split(/(?<!\\)\n/)) {
        const { prefix, line: command } = splitPrefix(line)
        commands.push({ place, prefix: outer + prefix, line: command, callsMake })
      }
    }
    const [first] = commands
    const script = commands.map(({ line }) => line).join('\n')
    const lines = isOneShell && first ? [{ ...first, line: script }] : commands
    const mtime = mtimeOf(target)
    let count = 0
    for (const { place, prefix, line, callsMake } of lines) {
      if (line.trim() === '') continue
      const isRunAnyway = prefix.includes('+') || callsMake
      if (options.isQuestion && !isRunAnyway) throw new OutOfDate()
      count += 1
      const isQuiet = prefix.includes('@') || options.isSilent || isListed('.SILENT', target)
      if (options.isDry || !isQuiet) out(`${line}\n`)
      if (options.isDry && !isRunAnyway) continue
      const code = await options.run(line, await exportedValues(own, variables))
      if (code === 0) continue
      const what = `[${place}: ${target}] Error ${code}`
      const isForgiven = prefix.includes('-') || options.ignoresErrors || isListed('.IGNORE', target)
      if (isForgiven) err(`${name}: ${what} (ignored)\n`)
      else throw failed(target, what, mtime)
    }
    return count
  }

  function failed(target: string, what: string, mtime: number | null): MakeFailure {
    const isHalfMade = makefile.rules.has('.DELETE_ON_ERROR') && !phony.has(target) && mtimeOf(target) !== mtime
    if (!isHalfMade) return new MakeFailure(what)
    options.remove(target)
    return new MakeFailure(`${name}: *** ${what}\n${name}: *** Deleting file '${target}'`, true)
  }

  async function exportedValues(own: Scope, variables: ReadonlyMap<string, Variable>): Promise<Map<string, string>> {
    const names = [...makefile.variables, ...variables].filter(
      ([key, { origin, isExported }]) =>
        key !== 'SHELL' &&
        !makefile.unexported.has(key) &&
        (isExported ||
          origin === 'command line' ||
          makefile.exported.has(key) ||
          options.inherits(key) ||
          (exportsAll && origin !== 'default' && /^\w+$/.test(key))),
    )
    const values = new Map<string, string>()
    for (const [key] of names) values.set(key, await expand(`$(${key})`, own))
    return values
  }
}

interface Command {
  place: string
  prefix: string
  line: string
  callsMake: boolean
}

/** What stands before a command: `@` shows it not, `-` forgives its errors, `+` runs it whatever is asked. */
function splitPrefix(text: string): { prefix: string; line: string } {
  const [, prefix = '', line = ''] = /^([\s@+-]*)([\s\S]*)$/.exec(text) ?? []
  return { prefix, line }
}

function automaticVariables(target: string, rule: Rule, newer: readonly string[]): Record<string, string> {
  const unique = [...new Set(rule.prerequisites)]
  const single: Record<string, string> = { '@': target, '<': rule.prerequisites[0] ?? '', '*': rule.stem ?? '' }
  const lists: Record<string, readonly string[]> = {
    '^': unique,
    '+': rule.prerequisites,
    '?': [...new Set(newer)],
    '|': [...new Set(rule.orderOnly)],
  }
  const values: Record<string, string> = { ...single }
  for (const [key, words] of Object.entries(lists)) values[key] = words.join(' ')
  for (const [key, value] of Object.entries(values)) {
    const words = value.split(' ').filter(Boolean)
    values[`${key}D`] = words.map((word) => word.slice(0, Math.max(0, word.lastIndexOf('/'))) || '.').join(' ')
    values[`${key}F`] = words.map((word) => word.slice(word.lastIndexOf('/') + 1)).join(' ')
  }
  return values
}
