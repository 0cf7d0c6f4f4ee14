import {
  closingBracket,
  definitionAt,
  type MakefileLine,
  makeDefaults,
  makefileLines,
  readMakeStatement,
} from '@/lib/base'
import { parseShell } from './parse-shell'

interface Value {
  text: string
  /** Read when it was set, by `:=`. */
  isFinal: boolean
  /** It holds this and nothing else by the time it is used. */
  isSure: boolean
}

/** Variables that whoever calls `make` sets too, with their values; null for one that cannot be told. */
export type Assigned = ReadonlyMap<string, string | null>

interface Makefile {
  variables: Map<string, Value>
  assigned: Assigned
  /** A text that only `make` can tell stands in something that is run. */
  isUnclear: boolean
  /** Names of files may end a command, or begin another. */
  hasOddNames: boolean
  /** How many more texts are looked up: they can double one another. */
  left: number
}

const maxTexts = 20_000
/** Characters of all that `$(shell …)` runs. */
const maxCalls = 50_000

/** Stands for the `$` of what only the shell can tell, while those that `make` writes are told from it. */
const mark = '\uE000'
/** What `make` puts in the place of a text that cannot be told, or that can hold nothing but names. */
const some = `${mark}file`
/** What ends a command, or begins another, or a quoted text. */
const separators = /[;&|<>`\n()'"\\$]/
/** The same, in a line of targets and what they need, where `|` and `&:` have a sense of their own. */
const oddNames = /[;<>`\n()'"\\$]|&(?!:)|\S\||\|\S/
/** What changes variables, rules or files wherever it stands, or may be any function. */
const changesMore =
  /\$[({](?:(?:eval|file|guile|load)\s|call\s+(?:(?:shell|eval|file|guile|load|call|foreach|value)\b|(?![\w.-]+\s*[,)}])))/

/**
 * The command lines of a makefile as a shell script: all recipes, whatever is made, and what `$(shell …)` and `!=` run.
 * Each line counts as all that it may be: behind a tab as a command and as what else it says. Where texts of `make` could
 * bring in commands that cannot be told from here, a command follows that nobody can tell either.
 */
export function makefileCommands(text: string, assigned: Assigned = new Map()): string {
  const makefile: Makefile = { variables: new Map(), assigned, isUnclear: false, hasOddNames: false, left: maxTexts }
  const lines = makefileLines(text.replaceAll(mark, '?'))
  const commands = [...calledCommands(lines, makefile), ...readLines(lines, makefile)]
  const readings: Filling[] = [{}, { isBare: true }, ...(assigned.size > 0 ? [{ isAssigned: true }] : [])]
  const script = commands.flatMap((command) => {
    const filled = readings.map((filling) => fill(command, makefile, filling).replaceAll(mark, '$'))
    // A variable of several lines is several commands.
    return [...new Set(filled)].flatMap((each) =>
      each.split(/(?<!\\)\n/).map((line) => alone(line.replace(/^[\s@+-]+/, ''))),
    )
  })
  return [...script, ...(makefile.isUnclear ? ['$unclear'] : [])].join('\n')
}

/** The files that it includes; null for those that only `make` can name. */
export const includedFiles = (text: string): (string | null)[] =>
  makefileLines(text).flatMap(({ raw }) => {
    const statement = readMakeStatement(raw)
    const names = statement.kind === 'include' ? statement.names : ''
    return /[$*?[]/.test(names) ? [null] : names.split(/\s+/).filter((name) => name !== '')
  })

/** Each line has a shell of its own, so that what one leaves open takes nothing from the next. */
function alone(command: string): string {
  return command.includes('<<') || parseShell(command).broken ? `sh -c '${command.replaceAll("'", `'\\''`)}'` : command
}

function calledCommands(lines: readonly MakefileLine[], makefile: Makefile): string[] {
  const commands: string[] = []
  let called = 0
  for (const { raw } of lines) {
    const line = raw.replace(/[ \t]*\\\n[ \t]*/g, ' ')
    makefile.isUnclear ||= changesMore.test(line)
    for (const { index } of line.matchAll(/\$[({]shell\s/g)) {
      if (called > maxCalls) break
      const command = line.slice(index + '$(shell '.length, closingBracket(line, index + 1))
      called += command.length
      commands.push(command)
    }
  }
  makefile.isUnclear ||= called > maxCalls
  return commands
}

/** Sets the variables as the lines do, one after the other, and answers what recipes and `!=` run. */
function readLines(lines: readonly MakefileLine[], makefile: Makefile): string[] {
  const commands: string[] = []
  let conditions = 0
  let isComputed = /\$[({]eval\s/.test(lines.map(({ raw }) => raw).join('\n'))
  const heads: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const { raw = '' } = lines[index] ?? {}
    const isTabbed = raw.startsWith('\t')
    if (isTabbed) commands.push(raw)
    const statement = readMakeStatement(raw)
    const isSure = !isTabbed && conditions === 0
    if (statement.kind === 'assignment') {
      isComputed ||= statement.name.includes('$')
      assign(makefile, { ...statement, isSure })
      if (statement.operator === '!=') commands.push(statement.value)
    } else if (statement.kind === 'define') {
      const { text, end } = definitionAt(lines, index)
      makefile.isUnclear ||= isTabbed || end === null
      isComputed ||= statement.name.includes('$')
      assign(makefile, { ...statement, value: text, isSure })
      if (statement.operator === '!=') commands.push(text)
      index = end ?? lines.length
    } else if (statement.kind === 'condition') {
      makefile.isUnclear ||= isTabbed
      conditions = Math.max(0, conditions + (statement.word === 'endif' ? -1 : statement.word === 'else' ? 0 : 1))
    } else if (statement.kind === 'undefine') isComputed = true
    else if (statement.kind === 'rule' && statement.own) {
      assign(makefile, { ...statement.own, isSure: false })
      if (statement.own.operator === '!=') commands.push(statement.own.value)
    } else if (!isTabbed && (statement.kind === 'rule' || statement.kind === 'text')) {
      if (statement.recipe !== null) commands.push(statement.recipe)
      if (statement.kind === 'rule') heads.push(`${statement.targets}: ${statement.rest}`)
      // What the line says once it is read may be a rule, with a command behind it.
      else if (statement.text.includes('$')) commands.push(fill(statement.text, makefile).replace(/^[^;]*;?/, ''))
    }
  }
  if (isComputed)
    for (const [key, value] of makefile.variables) makefile.variables.set(key, { ...value, isSure: false })
  // What is unclear in them makes no command, unless a name does.
  const reading = { ...makefile }
  makefile.hasOddNames = heads.some((head) => oddNames.test(fill(head, reading)))
  return commands
}

interface Assignment {
  name: string
  operator: string
  value: string
  isSure: boolean
}

function assign(makefile: Makefile, { name, operator, value, isSure }: Assignment): void {
  const known = makefile.variables.get(name)
  const isFinal = operator === '=' ? false : operator.startsWith(':') || (known?.isFinal ?? false)
  const reading = { ...makefile, isUnclear: operator === '!=' }
  const now = isFinal ? fill(value, reading) : value
  const isAdded = operator === '+=' && known !== undefined
  const text =
    operator === '!=' ? some : isAdded ? `${known.text} ${now}` : operator === '?=' ? (known?.text ?? now) : now
  const mayBeMore = operator === '+=' && makefile.assigned.has(name)
  const isCertain = isSure && known?.isSure !== false && !reading.isUnclear && !mayBeMore
  makefile.variables.set(name, { text, isFinal, isSure: isCertain })
  makefile.left = reading.left
}

interface Filling {
  depth?: number
  /** Variables that nobody set, or only perhaps, are empty, instead of variables of the shell. */
  isBare?: boolean
  /** What whoever calls `make` sets holds. */
  isAssigned?: boolean
  /** What `$(call …)` gives, from `$(0)` on. */
  given?: readonly string[]
}

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
      const end = closingBracket(text, at + 1)
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
  const { depth = 0, isBare = false, isAssigned = false, given } = filling
  const unclear = () => {
    makefile.isUnclear = true
    return some
  }
  const deeper = (text: string, more: Filling = {}) => fill(text, makefile, { ...filling, ...more, depth: depth + 1 })
  const harmless = (text: string) => (separators.test(deeper(text)) ? unclear() : some)
  if (depth > 8 || makefile.left-- <= 0) return unclear()
  if (/^[@<^?*+|%][DF]?$/.test(inside)) return makefile.hasOddNames ? unclear() : some
  if (given && /^\d+$/.test(inside)) return given[Number(inside)] ?? ''
  if (/^[\w.-]+$/.test(inside)) {
    const assigned = makefile.assigned.get(inside)
    if (assigned === null) return unclear()
    if (isAssigned && assigned !== undefined) return assigned
    const value = makefile.variables.get(inside)
    if (value) {
      makefile.isUnclear ||= !value.isSure
      if (isBare && !value.isSure) return ''
      return value.isFinal ? value.text : deeper(value.text)
    }
    const usual = Object.hasOwn(makeDefaults, inside) ? makeDefaults[inside] : undefined
    if (usual !== undefined) return deeper(usual)
    return isBare ? '' : `${mark}${inside.replaceAll(/\W/g, '_')}`
  }
  const [, name = '', replacement = ''] = /^([\w.-]+):[^=]*=(.*)$/s.exec(inside) ?? []
  if (name !== '') return harmless(`$(${name})${replacement}`)
  const [, call = '', args = ''] = /^([a-z-]+)[ \t]+(.*)$/s.exec(inside) ?? []
  if (/^(?:info|warning|error)$/.test(call)) return ''
  if (call === 'call') {
    // Commas in brackets would part what belongs together.
    const [key = '', ...parts] = args.split(',')
    const value = makefile.variables.get(key.trim())
    if (!value?.isSure || /[({]/.test(args)) return unclear()
    return value.isFinal ? value.text : deeper(value.text, { given: [key, ...parts.map((part) => deeper(part))] })
  }
  return textFunctions.test(call) ? harmless(args) : unclear()
}

/** Their results are made of their arguments. */
const textFunctions =
  /^(?:subst|patsubst|strip|findstring|filter|filter-out|sort|word|wordlist|words|firstword|lastword|dir|notdir|suffix|basename|addsuffix|addprefix|join|wildcard|abspath|realpath|if|or|and|foreach)$/
