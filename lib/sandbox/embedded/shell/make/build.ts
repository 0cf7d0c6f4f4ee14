import { expand, MakeFailure, type Scope, stemOf, type Variable, withValues } from './expansion'
import type { Makefile, RecipeLine, Rule } from './makefile'

export interface BuildOptions {
  makefile: Makefile
  scope: Scope
  /** When a file was changed; null when there is none. */
  mtimeOf(path: string): number | null
  run(line: string, variables: ReadonlyMap<string, string>): Promise<number>
  out(text: string): void
  err(text: string): void
  /** What messages call this make: `make`, `make[1]`. */
  name: string
  isDry: boolean
  isSilent: boolean
  isForced: boolean
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

/** Makes targets, each once. */
export function createBuild(options: BuildOptions) {
  const { makefile, scope, mtimeOf, out, err, name } = options
  const made = new Map<string, Promise<Made>>()
  const listed = (target: string) => new Set(makefile.rules.get(target)?.prerequisites)
  const phony = listed('.PHONY')
  const silent = makefile.rules.get('.SILENT')
  const isSilentTarget = (target: string) =>
    silent !== undefined && (silent.prerequisites.length === 0 || silent.prerequisites.includes(target))
  const isOneShell = makefile.rules.has('.ONESHELL')
  let hasFailed = false
  return { makeGoal, tellFailure, hasFailed: () => hasFailed }

  async function makeGoal(goal: string): Promise<void> {
    const { hasRun } = await make(goal, { path: [], inherited: new Map() })
    if (hasRun) return
    const hasRecipe = (findRule(goal)?.recipe.length ?? 0) > 0
    const isFile = mtimeOf(goal) !== null && !phony.has(goal) && hasRecipe
    out(isFile ? `${name}: '${goal}' is up to date.\n` : `${name}: Nothing to be done for '${goal}'.\n`)
  }

  function make(target: string, way: Way): Promise<Made> {
    const known = made.get(target)
    if (known) return known
    const result = makeOnce(target, way)
    made.set(target, result)
    return result
  }

  async function makeOnce(target: string, { path, inherited }: Way): Promise<Made> {
    const rule = findRule(target)
    const mtime = phony.has(target) ? null : mtimeOf(target)
    if (!rule) {
      if (mtime !== null) return { isNew: false, hasRun: false, mtime }
      const parent = path.at(-1)
      throw new MakeFailure(
        `No rule to make target '${target}'${parent === undefined ? '' : `, needed by '${parent}'`}.  Stop.`,
      )
    }
    const variables = new Map([...inherited, ...rule.variables])
    const own = withVariables(variables)
    const results: { word: string; made: Made }[] = []
    let isBroken = false
    for (const word of [...rule.prerequisites, ...rule.orderOnly]) {
      if (word === target || path.includes(word)) {
        err(`${name}: Circular ${target} <- ${word} dependency dropped.\n`)
        continue
      }
      try {
        results.push({ word, made: await make(word, { path: [...path, target], inherited: variables }) })
      } catch (error) {
        if (!(error instanceof MakeFailure) || !options.goesOn) throw error
        tellFailure(error)
        isBroken = true
      }
    }
    if (isBroken) throw new MakeFailure(`${name}: Target '${target}' not remade because of errors.`, true)
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
    for (const pattern of makefile.patterns) {
      const stem = stemOf(pattern.target, target)
      if (stem === null || stem === '' || pattern.recipe.length === 0) continue
      const fill = (words: readonly string[]) => words.map((word) => word.replace('%', () => stem))
      const needed = fill(pattern.prerequisites)
      if (!needed.every((word) => mtimeOf(word) !== null || makefile.rules.has(word) || isMadeByPattern(word, target)))
        continue
      const { recipe, variables } = pattern
      const prerequisites = [...needed, ...(own?.prerequisites ?? [])]
      return { prerequisites, orderOnly: fill(pattern.orderOnly), recipe, variables: own?.variables ?? variables, stem }
    }
    return own ?? null
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
    const texts: RecipeLine[] = []
    for (const { text, place } of recipe) {
      scope.cursor.place = place
      // A variable of several lines is several commands; where a line goes on, the shell joins it.
      for (const line of (await expand(text, own)).split(/(?<!\\)\n/)) texts.push({ text: line, place })
    }
    const lines = isOneShell && texts[0] ? [{ ...texts[0], text: texts.map(({ text }) => text).join('\n') }] : texts
    let count = 0
    for (const { text, place } of lines) {
      const [, prefix = '', line = ''] = /^([\s@+-]*)([\s\S]*)$/.exec(text) ?? []
      if (line.trim() === '') continue
      count += 1
      const isQuiet = prefix.includes('@') || options.isSilent || isSilentTarget(target)
      if (options.isDry || !isQuiet) out(`${line}\n`)
      if (options.isDry && !prefix.includes('+')) continue
      const code = await options.run(line, await exportedValues(own, variables))
      if (code === 0) continue
      const what = `[${place}: ${target}] Error ${code}`
      if (!prefix.includes('-') && !options.ignoresErrors) throw new MakeFailure(what)
      err(`${name}: ${what} (ignored)\n`)
    }
    return count
  }

  async function exportedValues(own: Scope, variables: ReadonlyMap<string, Variable>): Promise<Map<string, string>> {
    const names = [...makefile.variables, ...variables].filter(
      ([key, { origin, isExported }]) =>
        isExported ||
        origin === 'command line' ||
        makefile.exported.has(key) ||
        (makefile.exportsAll && /^\w+$/.test(key)),
    )
    const values = new Map<string, string>()
    for (const [key] of names) values.set(key, await expand(`$(${key})`, own))
    return values
  }
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
