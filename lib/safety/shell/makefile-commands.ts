/** A variable's text; `isFinal`: read when it was set, by `:=`. Null where it may have another by the time it is used. */
type Value = { text: string; isFinal: boolean } | null

/** Variables that whoever calls `make` sets too, with their values; null for one that cannot be told. */
export type Assigned = ReadonlyMap<string, string | null>

interface Makefile {
  variables: Map<string, Value>
  assigned: Assigned
  /** A text that only `make` can tell stands in something that is run. */
  isUnclear: boolean
  /** How many more texts are looked up: they can double one another. */
  left: number
}

const maxTexts = 20_000
/** Characters of all that `$(shell …)` runs. */
const maxCalls = 50_000

const assignment = /^((?:(?:export|override|private)[ \t]+)*)([^\s:#=?+!]+)[ \t]*(=|::?:?=|\?=|\+=|!=)[ \t]*(.*)$/s
const inclusion = /^(?:-|s)?include[ \t]+(.*)$/s

/**
 * The command lines of a makefile as a shell script: all recipes, whatever is made, and what `$(shell …)` and `!=` run.
 * Each line counts as all that it may be: behind a tab as a command and as an assignment. Where texts of `make` could
 * bring in commands that cannot be told from here, a command follows that nobody can tell either.
 */
export function makefileLines(text: string, assigned: Assigned = new Map()): string {
  const makefile: Makefile = { variables: new Map(), assigned, isUnclear: false, left: maxTexts }
  const commands: string[] = []
  const lines = logicalLines(text)
  let called = 0
  let isDefining = false
  let isComputed = false
  for (const { raw, line } of lines) {
    for (const { index } of raw.matchAll(/\$[({]shell\s/g)) {
      if (called > maxCalls) break
      const command = raw.slice(index + '$(shell '.length, closing(raw, index + 1))
      called += command.length
      commands.push(command)
    }
    const defined = /^(?:(?:export|override)\s+)*define\s+(\S+)/.exec(line)?.[1]
    if (/^endef\b/.test(line)) isDefining = false
    else if (isDefining || raw.startsWith('\t')) commands.push(raw)
    const set = assignment.exec(line)
    const own = set ? null : assignment.exec(afterColon(line))
    const [, , name, operator = '', value = ''] = set ?? own ?? []
    if (defined !== undefined) {
      isDefining = true
      makefile.variables.set(defined, null)
    } else if (name !== undefined) {
      isComputed ||= name.includes('$')
      const isSure = set !== null && !raw.startsWith('\t') && !isDefining && !/[+!]/.test(operator)
      const isKnown = makefile.variables.has(name)
      makefile.variables.set(name, isSure && !isKnown ? readValue(value, operator, makefile) : null)
      if (operator === '!=') commands.push(value)
    } else if (!raw.startsWith('\t') && !isDefining) {
      const end = outside(line, ';')
      if (end !== -1) commands.push(line.slice(end + 1))
      // What the line says once it is read may be a rule, with a command behind it.
      if (afterColon(line) === '' && line.includes('$')) commands.push(fill(line, makefile).replace(/^[^;]*;?/, ''))
    }
  }
  makefile.isUnclear ||= called > maxCalls
  if (isComputed) for (const key of makefile.variables.keys()) makefile.variables.set(key, null)
  const script = commands.flatMap((command) => {
    const filled = [fill(command, makefile), fill(command, makefile, { isBare: true })]
    if (assigned.size > 0) filled.push(fill(command, makefile, { isAssigned: true }))
    return [...new Set(filled)].map((each) => each.replace(/^[\s@+-]+/, ''))
  })
  return [...script, ...(makefile.isUnclear ? ['$unclear'] : [])].join('\n')
}

/** The files that it includes; null for those that only `make` can name. */
export const includedFiles = (text: string): (string | null)[] =>
  logicalLines(text).flatMap(({ line }) => {
    const names = inclusion.exec(line)?.[1] ?? ''
    return /[$*?[]/.test(names) ? [null] : names.split(/\s+/).filter((name) => name !== '')
  })

interface LogicalLine {
  /** As it is written; in recipes the shell reads what goes on in the next line. */
  raw: string
  /** As `make` reads it. */
  line: string
}

function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = []
  const written = text.replaceAll('\r\n', '\n').split('\n')
  for (let index = 0; index < written.length; index++) {
    let raw = written[index] ?? ''
    let joined = raw
    while (/(?<!\\)(?:\\\\)*\\$/.test(raw) && index + 1 < written.length) {
      const next = written[++index] ?? ''
      raw += `\n${next.replace(/^\t/, '')}`
      joined = `${joined.slice(0, -1).trimEnd()} ${next.trimStart()}`
    }
    const comment = /(?<!\\)#/.exec(joined)?.index ?? joined.length
    lines.push({ raw, line: joined.slice(0, comment).replaceAll('\\#', '#').trim() })
  }
  return lines
}

/** What stands behind `target:`, if the line is a rule. */
function afterColon(line: string): string {
  const at = outside(line, ':')
  return at === -1
    ? ''
    : line
        .slice(at + 1)
        .replace(/^:/, '')
        .trim()
}

/** The first place of a character that stands in no brackets of `make`; -1 without one. */
function outside(line: string, wanted: string): number {
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '$' && /[({]/.test(line[at + 1] ?? '')) at = closing(line, at + 1)
    else if (line[at] === wanted) return at
  }
  return -1
}

/** Where the bracket at `at` ends. */
function closing(text: string, at: number): number {
  const [open, close] = text[at] === '{' ? ['{', '}'] : ['(', ')']
  let depth = 0
  for (let end = at; end < text.length; end++) {
    if (text[end] === open) depth++
    else if (text[end] === close && --depth === 0) return end
  }
  return text.length
}

function readValue(value: string, operator: string, makefile: Makefile): Value {
  const isFinal = /^:+=$/.test(operator)
  return { text: isFinal ? fill(value, makefile) : value, isFinal }
}

interface Filling {
  depth?: number
  /** Variables that nobody set are empty, instead of variables of the shell. */
  isBare?: boolean
  /** What whoever calls `make` sets holds. */
  isAssigned?: boolean
}

/** What `make` puts in the place of a text that cannot be told, or that can hold nothing but names. */
const some = '$file'
/** What ends a command, or begins another. */
const separators = /[;&|<>`\n()]/

/** With the texts of `make` in their places. */
function fill(text: string, makefile: Makefile, filling: Filling = {}): string {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1] ?? ''
    if (text[at] !== '$' || next === '') result += text[at]
    else if (next === '$') {
      result += '$'
      at += 1
    } else if (next === '(' || next === '{') {
      const end = closing(text, at + 1)
      result += reference(text.slice(at + 2, end), makefile, filling)
      at = end
    } else {
      result += reference(next, makefile, filling)
      at += 1
    }
  }
  return result
}

function reference(inside: string, makefile: Makefile, filling: Filling): string {
  const { depth = 0, isBare = false, isAssigned = false } = filling
  const unclear = () => {
    makefile.isUnclear = true
    return some
  }
  const deeper = (text: string) => fill(text, makefile, { ...filling, depth: depth + 1 })
  const harmless = (text: string) => (separators.test(deeper(text)) ? unclear() : some)
  if (depth > 8 || makefile.left-- <= 0) return unclear()
  if (/^[@<^?*+|%][DF]?$/.test(inside)) return some
  if (inside === 'MAKE') return 'make'
  if (/^[\w.-]+$/.test(inside)) {
    const assigned = makefile.assigned.get(inside)
    if (assigned === null) return unclear()
    if (isAssigned && assigned !== undefined) return assigned
    const value = makefile.variables.get(inside)
    if (value) return value.isFinal ? value.text : deeper(value.text)
    if (value === null) return unclear()
    return isBare ? '' : `$${inside.replaceAll(/\W/g, '_')}`
  }
  const [, name = '', replacement = ''] = /^([\w.-]+):[^=]*=(.*)$/s.exec(inside) ?? []
  if (name !== '') return harmless(`$(${name})${replacement}`)
  const [, call = '', args = ''] = /^([a-z-]+)[ \t]+(.*)$/s.exec(inside) ?? []
  if (/^(?:info|warning|error)$/.test(call)) return ''
  return textFunctions.test(call) ? harmless(args) : unclear()
}

/** Their results are made of their arguments. */
const textFunctions =
  /^(?:subst|patsubst|strip|findstring|filter|filter-out|sort|word|wordlist|words|firstword|lastword|dir|notdir|suffix|basename|addsuffix|addprefix|join|wildcard|abspath|realpath|if|or|and)$/
