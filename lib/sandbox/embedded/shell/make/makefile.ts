import { closing, expand, MakeFailure, type Scope, stemOf, type Variable, wordsOf } from './expansion'

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
}

export interface PatternRule extends Rule {
  target: string
}

/** All that makefiles say. */
export interface Makefile {
  variables: Map<string, Variable>
  exported: Set<string>
  exportsAll: boolean
  rules: Map<string, Rule>
  patterns: PatternRule[]
  /** The first target, which is made when none is named. */
  defaultGoal: string | null
}

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

const assignment = /^((?:(?:export|override|private)[ \t]+)*)([^\s:#=?+!]+)[ \t]*(=|::?:?=|\?=|\+=|!=)[ \t]*(.*)$/s

/** Reads a makefile, and those that it includes, into what is known so far. */
export async function readMakefile(makefile: Makefile, name: string, reading: Reading): Promise<void> {
  const { scope } = reading
  const text = reading.read(name)
  if (text === null) throw new MakeFailure(`${name}: No such file or directory`)
  const list = makefile.variables.get('MAKEFILE_LIST')?.value ?? ''
  makefile.variables.set('MAKEFILE_LIST', { value: `${list} ${name}`, isRecursive: false, origin: 'file' })
  const lines = logicalLines(text)
  /** Whether each `if` around holds; `done` when an earlier branch did. */
  const conditions: { holds: boolean; done: boolean }[] = []
  /** The rules that recipe lines belong to. */
  let current: OpenRule[] = []
  for (let index = 0; index < lines.length; index++) {
    const { text: raw, number } = lines[index] ?? { text: '', number: 0 }
    const place = `${name}:${number}`
    const isRecipe = raw.startsWith('\t') && current.length > 0
    const line = isRecipe ? raw : withoutComment(raw).trim()
    if (!isRecipe && (await readCondition(line))) continue
    if (conditions.some(({ holds }) => !holds)) continue
    if (isRecipe) addRecipe({ text: raw.slice(1), place })
    else if (line !== '') {
      scope.cursor.place = place
      try {
        index = await readLine(line, index, place)
      } catch (error) {
        if (!(error instanceof MakeFailure) || error.isWhole) throw error
        throw new MakeFailure(`${place}: *** ${error.message}  Stop.`, true)
      }
    }
  }

  async function readCondition(line: string): Promise<boolean> {
    const [, word = '', rest = ''] = /^(ifn?eq|ifn?def|else|endif)\b\s*(.*)$/s.exec(line) ?? []
    if (word === '') return false
    const last = conditions.at(-1)
    if (word === 'endif') conditions.pop()
    else if (word === 'else' && last) {
      const holds = !last.done && (rest === '' || (await holdsFor(rest)))
      conditions[conditions.length - 1] = { holds, done: last.done || holds }
    } else {
      const isHidden = conditions.some(({ holds }) => !holds)
      const holds = !isHidden && (await holdsFor(line))
      conditions.push({ holds, done: holds || isHidden })
    }
    return true
  }

  async function holdsFor(line: string): Promise<boolean> {
    const [, word = '', rest = ''] = /^(ifn?eq|ifn?def)\s*(.*)$/s.exec(line) ?? []
    if (word === '') throw new MakeFailure(`${line}: a condition is expected`)
    const isNot = word.startsWith('ifn')
    if (word.endsWith('def')) return ((scope.lookup(await expand(rest, scope))?.value ?? '') !== '') !== isNot
    const quoted = /^(["'])(.*?)\1\s+(["'])(.*?)\3$/.exec(rest)
    const bare = /^\((.*)\)$/s.exec(rest)?.[1] ?? ''
    const comma = commaOf(bare)
    const [a, b] = quoted
      ? [quoted[2] ?? '', quoted[4] ?? '']
      : [bare.slice(0, comma).trim(), bare.slice(comma + 1).trim()]
    return ((await expand(a, scope)) === (await expand(b, scope))) !== isNot
  }

  /** Answers the index of the last line that was read. */
  async function readLine(line: string, index: number, place: string): Promise<number> {
    const include = /^(-?include|sinclude)\s+(.*)$/.exec(line)
    const define = /^(?:(?:export|override)\s+)*define\s+(\S+)\s*(\S*)$/.exec(line)
    const exporting = /^(un)?export(?:\s+([^=:]*))?$/.exec(line)
    if (/^(?:vpath|load)\b/.test(line)) throw new MakeFailure(`${line.split(' ')[0]} is not available here.`)
    if (include) {
      current = []
      for (const pattern of wordsOf(await expand(include[2] ?? '', scope))) {
        const found = /[*?[]/.test(pattern) ? scope.glob(pattern) : [pattern]
        for (const file of found)
          if (include[1] === 'include' || reading.read(file) !== null) await readMakefile(makefile, file, reading)
      }
    } else if (define) {
      current = []
      const end = lines.findIndex((other, at) => at > index && /^\s*endef\b/.test(other.text))
      if (end === -1) throw new MakeFailure("missing 'endef', unterminated 'define'.")
      const value = lines
        .slice(index + 1, end)
        .map(({ text: own }) => own)
        .join('\n')
      await assign(makefile.variables, { name: define[1] ?? '', operator: define[2] || '=', value })
      return end
    } else if (exporting) {
      const names = wordsOf(await expand(exporting[2] ?? '', scope))
      if (names.length === 0) makefile.exportsAll = exporting[1] === undefined
      for (const variable of names) {
        if (exporting[1]) makefile.exported.delete(variable)
        else makefile.exported.add(variable)
      }
    } else {
      const found = assignment.exec(withoutComment(lines[index]?.text ?? '').trimStart())
      if (!found) {
        await readRule(line, place, lines[index]?.text.startsWith(' '.repeat(8)))
        return index
      }
      current = []
      const [, words = '', variable = '', operator = '=', value = ''] = found
      const key = await expand(variable, scope)
      await assign(makefile.variables, { name: key, operator, value })
      if (words.includes('export')) makefile.exported.add(key)
    }
    return index
  }

  async function assign(
    variables: Map<string, Variable>,
    { name: key, operator, value }: { name: string; operator: string; value: string },
  ): Promise<void> {
    const known = variables.get(key) ?? scope.lookup(key)
    if (known?.origin === 'command line') return
    const set = (text: string, isRecursive: boolean) => variables.set(key, { value: text, isRecursive, origin: 'file' })
    if (operator === '?=') {
      if (!known) set(value, true)
    } else if (operator === '+=') {
      const isRecursive = known?.isRecursive ?? true
      const added = isRecursive ? value : await expand(value, scope)
      set(known ? `${known.value} ${added}`.trimStart() : added, isRecursive)
    } else if (operator === '!=') set(await scope.shell(await expand(value, scope)), false)
    else set(operator === '=' ? value : await expand(value, scope), operator === '=')
  }

  async function readRule(line: string, place: string, isIndented = false): Promise<void> {
    const at = colonOf(line)
    if (at === -1) {
      const text = (await expand(line, scope)).trim()
      if (text === '') return
      if (text !== line && colonOf(text) !== -1) return readRule(text, place)
      const hint = isIndented ? ' (did you mean TAB instead of 8 spaces?)' : ''
      throw new MakeFailure(`missing separator${hint}.`)
    }
    const targets = wordsOf(await expand(line.slice(0, at), scope))
    const rest = line.slice(at + 1).replace(/^:/, '')
    const own = assignment.exec(rest.trim())
    if (own) {
      for (const target of targets) {
        const { variables } = ruleOf(target)
        const key = own[2] ?? ''
        await assign(variables, { name: key, operator: own[3] ?? '=', value: own[4] ?? '' })
        const variable = variables.get(key)
        if (variable && own[1]?.includes('export')) variables.set(key, { ...variable, isExported: true })
      }
      current = []
      return
    }
    const semicolon = rest.indexOf(';')
    const inline = semicolon === -1 ? [] : [{ text: rest.slice(semicolon + 1).trim(), place }]
    const words = await expand(semicolon === -1 ? rest : rest.slice(0, semicolon), scope)
    const [first = '', second] = splitStatic(words)
    const [needed = '', ordered = ''] = (second ?? first).split('|')
    const from = second === undefined ? null : first.trim()
    current = targets.map((target) => addRule(target, { from, needed: files(needed), ordered: files(ordered) }))
    for (const written of inline) addRecipe(written)
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
      return found.length > 0 ? found : [word]
    })
  }

  function ruleOf(target: string): Rule {
    const known = makefile.rules.get(target)
    if (known) return known
    const rule: Rule = { prerequisites: [], orderOnly: [], recipe: [], variables: new Map() }
    makefile.rules.set(target, rule)
    return rule
  }

  function addRule(
    target: string,
    { from, needed, ordered }: { from: string | null; needed: string[]; ordered: string[] },
  ): OpenRule {
    if (target.includes('%') && from === null) {
      const rule: PatternRule = { target, prerequisites: needed, orderOnly: ordered, recipe: [], variables: new Map() }
      makefile.patterns.push(rule)
      return { target, rule, isFresh: true, first: 0 }
    }
    const rule = ruleOf(target)
    const stem = from === null ? undefined : (stemOf(from, target) ?? undefined)
    const filled = stem === undefined ? needed : needed.map((word) => word.replace('%', () => stem))
    rule.prerequisites.push(...filled)
    rule.orderOnly.push(...ordered)
    if (stem !== undefined) rule.stem = stem
    if (makefile.defaultGoal === null && (!target.startsWith('.') || target.includes('/')))
      makefile.defaultGoal = target
    return { target, rule, isFresh: true, first: 0 }
  }
}

interface LogicalLine {
  text: string
  number: number
}

/** Lines that end in a backslash go on; in recipes the shell reads them so. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = []
  const written = text.replaceAll('\r\n', '\n').split('\n')
  for (let index = 0; index < written.length; index++) {
    const number = index + 1
    let line = written[index] ?? ''
    const isRecipe = line.startsWith('\t')
    while (/(?<!\\)(?:\\\\)*\\$/.test(line) && index + 1 < written.length) {
      const next = written[++index] ?? ''
      line = isRecipe ? `${line}\n${next.replace(/^\t/, '')}` : `${line.slice(0, -1).trimEnd()} ${next.trimStart()}`
    }
    lines.push({ text: line, number })
  }
  return lines
}

function withoutComment(line: string): string {
  const at = /(?<!\\)#/.exec(line)?.index
  return (at === undefined ? line : line.slice(0, at)).replaceAll('\\#', '#')
}

/** The first colon that stands in no brackets. */
function colonOf(line: string): number {
  return findOutside(line, ':')
}

const commaOf = (text: string) => findOutside(text, ',')

function findOutside(text: string, wanted: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '$' && /[({]/.test(text[at + 1] ?? '')) at = closing(text, at + 1)
    else if (text[at] === wanted) return at
  }
  return -1
}

/** `%.o: %.c` of a rule `a.o b.o: %.o: %.c`. */
function splitStatic(words: string): [string, string?] {
  const at = words.indexOf(':')
  return at === -1 ? [words] : [words.slice(0, at), words.slice(at + 1)]
}
