import {
  definitionAt,
  findOutsideBrackets,
  type MakeAssignment,
  type MakefileLine,
  type MakeStatement,
  makefileLines,
  readMakeAssignment,
  readMakeStatement,
} from '@/lib/base'
import { expand, failureAt, MakeFailure, type Scope, stemOf, type Variable, wordsOf } from './expansion'

export interface RecipeLine {
  text: string
  /** Where it stands: `Makefile:3`. */
  place: string
}

export interface Rule {
  prerequisites: string[]
  orderOnly: string[]
  recipe: RecipeLine[]
  /** `target: NAME = value` */
  variables: Map<string, Variable>
  /** What stood for `%`. */
  stem?: string
  /** The others of a target with two colons, each made for itself. */
  others?: Rule[]
}

export interface PatternRule extends Rule {
  target: string
}

/** All that makefiles say. */
export interface Makefile {
  variables: Map<string, Variable>
  exported: Set<string>
  unexported: Set<string>
  exportsAll: boolean
  rules: Map<string, Rule>
  patterns: PatternRule[]
  /** `%.o: NAME = value` */
  patternVariables: { target: string; variables: Map<string, Variable> }[]
}

export const emptyMakefile = (): Makefile => ({
  variables: new Map(),
  exported: new Set(),
  unexported: new Set(),
  exportsAll: false,
  rules: new Map([['.SUFFIXES', { ...emptyRule(), prerequisites: [...usualSuffixes] }]]),
  patterns: [],
  patternVariables: [],
})

/** A rule whose recipe may follow; it takes the place of one that was there. */
interface OpenRule {
  target: string
  rule: Rule
  isFresh: boolean
  /** The line of the recipe's first command. */
  first: number
}

export interface Reading {
  /** The text of a file; null when there is none. */
  read(path: string): string | null
  scope: Scope
  warn(text: string): void
}

type RuleStatement = Extract<MakeStatement, { kind: 'rule' }>

interface Condition {
  holds: boolean
  /** An earlier branch held. */
  isDone: boolean
  hasElse: boolean
}

/** Reads a makefile, and those that it includes, into what is known so far. */
export async function readMakefile(makefile: Makefile, name: string, reading: Reading): Promise<void> {
  const text = reading.read(name)
  if (text === null) {
    const { place } = reading.scope.cursor
    reading.warn(`${place === '' ? 'make' : place}: ${name}: No such file or directory`)
    throw new MakeFailure(`No rule to make target '${name}'.  Stop.`)
  }
  const list = makefile.variables.get('MAKEFILE_LIST')?.value ?? ''
  makefile.variables.set('MAKEFILE_LIST', { value: `${list} ${name}`, isRecursive: false, origin: 'file' })
  await readMakefileLines(makefile, makefileLines(text), { ...reading, name })
}

/** Files and texts of `$(eval …)` that read themselves would never end. */
const maxNesting = 100

/** `name`: the file that the lines stand in. */
export async function readMakefileLines(
  makefile: Makefile,
  lines: readonly MakefileLine[],
  reading: Reading & { name: string },
): Promise<void> {
  const { scope, name } = reading
  const conditions: Condition[] = []
  /** The rules that recipe lines belong to. */
  let current: OpenRule[] = []
  const isHidden = () => conditions.some(({ holds }) => !holds)
  if (++scope.cursor.nesting > maxNesting) throw failure('Makefiles stand too deeply in one another.  Stop.')
  for (let index = 0; index < lines.length; index++) {
    const { raw = '', number = 0 } = lines[index] ?? {}
    const place = `${name}:${number}`
    if (raw.startsWith('\t') && current.length > 0) {
      if (!isHidden()) addRecipe({ text: raw.slice(1), place })
      continue
    }
    scope.cursor.place = place
    const statement = readMakeStatement(raw)
    if (statement.kind === 'condition') await readCondition(statement)
    else if (statement.kind === 'define') {
      const { text, end } = definitionAt(lines, index)
      if (end === null && !isHidden()) throw failure("missing 'endef', unterminated 'define'.  Stop.")
      index = end ?? lines.length
      if (!isHidden()) await define({ ...statement, kind: 'assignment', value: text })
    } else if (!isHidden()) await read(statement, raw)
  }
  if (conditions.length > 0) {
    scope.cursor.place = `${name}:${lines.at(-1)?.number ?? 0}`
    throw failure("missing 'endif'.  Stop.")
  }
  scope.cursor.nesting--

  function failure(message: string): MakeFailure {
    return failureAt(scope, message)
  }

  async function readCondition({ word, rest }: Extract<MakeStatement, { kind: 'condition' }>): Promise<void> {
    const last = conditions.at(-1)
    if ((word === 'endif' || word === 'else') && !last) throw failure(`extraneous '${word}'.  Stop.`)
    if (word === 'endif' || (word === 'else' && !rest.startsWith('if'))) {
      if (rest !== '') reading.warn(`${scope.cursor.place}: extraneous text after '${word}' directive`)
    }
    if (word === 'endif') conditions.pop()
    else if (word === 'else' && last) {
      if (last.hasElse) throw failure("only one 'else' per conditional.  Stop.")
      const [, inner = '', test = ''] = /^(ifn?eq|ifn?def)\s+(.*)$/s.exec(rest) ?? []
      const isAround = conditions.slice(0, -1).every(({ holds }) => holds)
      const holds = isAround && !last.isDone && (inner === '' || (await holdsFor(inner, test)))
      conditions[conditions.length - 1] = { holds, isDone: last.isDone || holds, hasElse: inner === '' }
    } else {
      const isOutside = isHidden()
      const holds = !isOutside && (await holdsFor(word, rest))
      conditions.push({ holds, isDone: holds || isOutside, hasElse: false })
    }
  }

  async function holdsFor(word: string, rest: string): Promise<boolean> {
    const isNot = word.startsWith('ifn')
    const invalid = () => failure('invalid syntax in conditional.  Stop.')
    if (word.endsWith('def')) {
      const key = (await expand(rest, scope)).trim()
      if (key === '' || /\s/.test(key)) throw invalid()
      return ((scope.lookup(key)?.value ?? '') !== '') !== isNot
    }
    const quoted = /^(["'])(.*?)\1\s+(["'])(.*?)\3$/s.exec(rest)
    const bare = /^\((.*)\)$/s.exec(rest)?.[1]
    const comma = findOutsideBrackets(bare ?? '', ',')
    if (!quoted && (bare === undefined || comma === -1)) throw invalid()
    const [a, b] = quoted
      ? [quoted[2] ?? '', quoted[4] ?? '']
      : [(bare ?? '').slice(0, comma).trim(), (bare ?? '').slice(comma + 1).trimStart()]
    return ((await expand(a, scope)) === (await expand(b, scope))) !== isNot
  }

  async function read(statement: Exclude<MakeStatement, { kind: 'condition' | 'define' }>, raw: string): Promise<void> {
    if (statement.kind === 'empty') return
    if (statement.kind !== 'rule' && statement.kind !== 'text') current = []
    switch (statement.kind) {
      case 'assignment':
        return define(statement)
      case 'undefine':
        for (const key of wordsOf(await expand(statement.name, scope))) {
          const { origin } = makefile.variables.get(key) ?? {}
          const isKept = origin === 'command line' && !statement.modifiers.includes('override')
          if (!isKept) makefile.variables.set(key, { value: '', isRecursive: false, isGone: true, origin: 'file' })
        }
        return
      case 'include':
        for (const pattern of wordsOf(await expand(statement.names, scope))) {
          const found = /[*?[]/.test(pattern) ? scope.glob(pattern) : [pattern]
          for (const file of found)
            if (!statement.isOptional || reading.read(file) !== null) await readMakefile(makefile, file, reading)
        }
        return
      case 'export':
      case 'unexport': {
        const names = wordsOf(await expand(statement.names, scope))
        const isExport = statement.kind === 'export'
        if (names.length === 0) makefile.exportsAll = isExport
        for (const key of names) {
          makefile[isExport ? 'exported' : 'unexported'].add(key)
          makefile[isExport ? 'unexported' : 'exported'].delete(key)
        }
        return
      }
      case 'vpath':
      case 'load':
        throw failure(`${statement.kind} is not available here.  Stop.`)
      case 'rule':
      case 'text':
        if (raw.startsWith('\t')) throw failure('recipe commences before first target.  Stop.')
        if (statement.kind === 'text') return readText(statement, raw)
        current = []
        return readRule({
          ...statement,
          targets: await expand(statement.targets, scope),
          rest: await expand(statement.rest, scope),
        })
    }
  }

  /** A line may be a rule once it is read. */
  async function readText({ text, recipe }: Extract<MakeStatement, { kind: 'text' }>, raw: string): Promise<void> {
    const line = (await expand(text, scope)).trim()
    if (line === '' && recipe === null) return
    const colon = line.indexOf(':')
    if (/^[?+!]?=/.test(line)) throw failure('empty variable name.  Stop.')
    if (colon === -1) {
      const hint = raw.startsWith(' '.repeat(8)) ? ' (did you mean TAB instead of 8 spaces?)' : ''
      throw failure(`missing separator${hint}.  Stop.`)
    }
    current = []
    const isDouble = line[colon + 1] === ':'
    const [rest = '', ...inline] = line.slice(colon + (isDouble ? 2 : 1)).split(';')
    const own = readMakeAssignment(line.slice(colon + 1).trimStart())
    await readRule({
      kind: 'rule',
      targets: line.slice(0, colon),
      isDouble,
      rest,
      own: own?.name.includes(';') ? null : own,
      recipe: recipe ?? (inline.length > 0 ? inline.join(';') : null),
    })
  }

  async function define(assignment: MakeAssignment): Promise<void> {
    const key = (await expand(assignment.name, scope)).trim()
    if (key === '') throw failure('empty variable name.  Stop.')
    await assign(makefile.variables, { ...assignment, name: key })
    if (!assignment.modifiers.includes('export')) return
    makefile.exported.add(key)
    makefile.unexported.delete(key)
  }

  async function assign(
    variables: Map<string, Variable>,
    { name: key, operator, value, modifiers }: MakeAssignment,
  ): Promise<void> {
    const isOverride = modifiers.includes('override')
    const known = variables.get(key) ?? scope.lookup(key)
    const isKept = /^(?:command line|override|environment override)$/.test(known?.origin ?? '')
    if (isKept && !isOverride) return
    const origin = isOverride ? 'override' : 'file'
    const set = (text: string, isRecursive: boolean) =>
      variables.set(key, { value: text, isRecursive, origin, place: scope.cursor.place })
    if (operator === '?=') {
      if (!known || known.isGone) set(value, true)
    } else if (operator === '+=') {
      const isRecursive = known?.isRecursive ?? true
      const added = isRecursive ? value : await expand(value, scope)
      set(known?.value ? `${known.value} ${added}` : added, isRecursive)
    } else if (operator === '!=') set(await scope.shell(await expand(value, scope)), true)
    else set(operator === '=' ? value : await expand(value, scope), operator === '=')
  }

  /** Its targets and what they need have been read. */
  async function readRule({ targets: words, isDouble, rest, own, recipe }: RuleStatement): Promise<void> {
    const targets = wordsOf(words.replace(/&\s*$/, '')).map(plainName)
    if (own) {
      const key = (await expand(own.name, scope)).trim()
      for (const target of targets) {
        const variables = variablesOf(target)
        await assign(variables, { ...own, name: key })
        const variable = variables.get(key)
        const [isExported, isPrivate] = [own.modifiers.includes('export'), own.modifiers.includes('private')]
        if (variable) variables.set(key, { ...variable, isExported, isPrivate })
      }
      return
    }
    const [first = '', second, third] = rest.split(/(?<!\\):/)
    if (second !== undefined && !first.includes('%')) throw failure("target pattern contains no '%'.  Stop.")
    if (third !== undefined) throw failure('multiple target patterns.  Stop.')
    const [needed = '', ordered = ''] = (second ?? first).split('|')
    const from = second === undefined ? null : first.trim()
    const needs = { from, needed: files(needed), ordered: files(ordered) }
    current = targets.map((target) => addRule(target, { ...needs, isDouble }))
    if (recipe !== null) addRecipe({ text: recipe.trim(), place: scope.cursor.place })
  }

  /** The place is counted as GNU's make counts it: a command that takes several lines is one. */
  function addRecipe({ text: command, place: first }: RecipeLine): void {
    for (const open of current) {
      const number = open.isFresh ? 0 : open.rule.recipe.length
      if (number === 0) open.first = Number(first.slice(first.lastIndexOf(':') + 1))
      const written = { text: command, place: `${name}:${open.first + number}` }
      const [old] = open.rule.recipe
      if (open.isFresh && old) {
        reading.warn(`${written.place}: warning: overriding recipe for target '${open.target}'`)
        reading.warn(`${old.place}: warning: ignoring old recipe for target '${open.target}'`)
        open.rule.recipe = []
      }
      open.isFresh = false
      open.rule.recipe.push(written)
    }
  }

  function files(words: string): string[] {
    return wordsOf(words).flatMap((word) => {
      const found = /[*?[]/.test(word) ? scope.glob(word) : []
      return found.length > 0 ? found : [plainName(word)]
    })
  }

  function ruleOf(target: string): Rule {
    const known = makefile.rules.get(target)
    if (known) return known
    const rule = emptyRule()
    makefile.rules.set(target, rule)
    return rule
  }

  function variablesOf(target: string): Map<string, Variable> {
    if (!target.includes('%')) return ruleOf(target).variables
    const known = makefile.patternVariables.find((each) => each.target === target)
    const entry = known ?? { target, variables: new Map() }
    if (!known) makefile.patternVariables.push(entry)
    return entry.variables
  }

  function addRule(
    target: string,
    {
      from,
      needed,
      ordered,
      isDouble,
    }: { from: string | null; needed: string[]; ordered: string[]; isDouble: boolean },
  ): OpenRule {
    if (target.includes('%') && from === null) {
      const rule: PatternRule = { ...emptyRule(), target, prerequisites: needed, orderOnly: ordered }
      makefile.patterns.push(rule)
      return { target, rule, isFresh: true, first: 0 }
    }
    const [, source = '', made = ''] = suffixRule.exec(target) ?? []
    const known = ruleOf('.SUFFIXES').prerequisites
    // Alone, it takes back those that were named.
    if (target === '.SUFFIXES' && needed.length === 0) known.length = 0
    if (from === null && needed.length === 0 && known.includes(source) && known.includes(made)) {
      const rule: PatternRule = { ...emptyRule(), target: `%${made}`, prerequisites: [`%${source}`] }
      makefile.patterns.push(rule)
      return { target, rule, isFresh: true, first: 0 }
    }
    const isAnother = isDouble && makefile.rules.has(target)
    const rule = isAnother ? emptyRule() : ruleOf(target)
    if (isAnother) {
      const known = ruleOf(target)
      known.others = [...(known.others ?? []), rule]
    }
    const stem = from === null ? undefined : (stemOf(from, target) ?? undefined)
    const filled = stem === undefined ? needed : needed.map((word) => word.replace('%', () => stem))
    rule.prerequisites.push(...filled)
    rule.orderOnly.push(...ordered)
    if (stem !== undefined) rule.stem = stem
    const goal = makefile.variables.get('.DEFAULT_GOAL')?.value ?? ''
    if (goal === '' && (!target.startsWith('.') || target.includes('/')))
      makefile.variables.set('.DEFAULT_GOAL', { value: target, isRecursive: false, origin: 'file' })
    return { target, rule, isFresh: true, first: 0 }
  }
}

const emptyRule = (): Rule => ({ prerequisites: [], orderOnly: [], recipe: [], variables: new Map() })

/** `.c.o:` is `%.o: %.c`. */
const suffixRule = /^(\.[^./]+)(\.[^./]+)$/
/** Of languages, those that need no `.SUFFIXES`. */
const usualSuffixes = ['.out', '.a', '.o', '.c', '.cc', '.C', '.cpp', '.f', '.F', '.y', '.l', '.s', '.S', '.h', '.sh']

/** `./a` is `a`. */
export const plainName = (word: string) => word.replace(/^(?:\.\/+)+(?=.)/, '')
