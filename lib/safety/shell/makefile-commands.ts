import {
  closingBracket,
  definitionAt,
  joinedLine,
  type MakefileLine,
  type MakeStatement,
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
  /** What the `make` of a recipe finds in its environment; null for all. */
  exported: Set<string> | null
  /** A text that only `make` can tell stands in something that is run. */
  isUnclear: boolean
  /** Names of files may end a command, or begin another. */
  hasOddNames: boolean
  /** How many more texts are looked up: they can double one another. */
  left: number
}

const maxTexts = 20_000
/** Characters of one, with what stands in it. */
const maxText = 100_000
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

/** The text of a file that is named, where there is one. */
type ReadText = (name: string) => string | undefined

/**
 * The command lines of makefiles as a shell script: all recipes, whatever is made, and what `$(shell …)` and `!=` run.
 * Each line counts as all that it may be: behind a tab as a command and as what else it says. Where texts of `make` could
 * bring in commands that cannot be told from here, a command follows that nobody can tell either.
 */
export function makefileCommands(names: readonly string[], read: ReadText, assigned: Assigned = new Map()): string {
  const makefile: Makefile = {
    ...{ variables: new Map(), assigned, exported: new Set<string>() },
    ...{ isUnclear: false, hasOddNames: false, left: maxTexts },
  }
  const reader = new MakefileReader(makefile, read)
  for (const name of names) reader.read(name)
  const commands = reader.finish()
  const readings: Filling[] = [{}, { isBare: true }, ...(assigned.size > 0 ? [{ isAssigned: true }] : [])]
  const { exported } = makefile
  const handing = { ...makefile }
  const handed = [...makefile.variables].flatMap(([name, value]) => {
    if (exported && !exported.has(name) && !assigned.has(name)) return []
    const text = value.isFinal ? value.text : fill(value.text, handing)
    return value.isSure && /^[\w./-]*$/.test(text) ? `export ${name}=${text}` : `export ${name}='?'`
  })
  const script = commands.flatMap((command) => {
    const filled = readings.map((filling) => fill(command, makefile, filling).replaceAll(mark, '$'))
    // A variable of several lines is several commands.
    return [...new Set(filled)].flatMap((each) =>
      each.split(/(?<!\\)\n/).map((line) => alone(line.replace(/^[\s@+-]+/, ''))),
    )
  })
  return [...handed, ...script, ...(makefile.isUnclear ? ['$unclear'] : [])].join('\n')
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

/** Files that include one another, or are too many or too long, are not read to their end. */
const maxIncluded = 50
/** Characters of all. */
const maxRead = 400_000

/** Sets the variables as the lines do, one after the other, and gathers what recipes, `!=` and `$(shell …)` run. */
class MakefileReader {
  readonly #makefile: Makefile
  readonly #text: ReadText
  readonly #commands: string[] = []
  /** Targets, and what they need. */
  readonly #heads: string[] = []
  #called = 0
  #included = 0
  #length = 0
  /** Names of variables are known to `make` alone. */
  #isComputed = false

  constructor(makefile: Makefile, text: ReadText) {
    this.#makefile = makefile
    this.#text = text
  }

  read(name: string, isSure = true): void {
    const text = this.#text(name)
    if (text === undefined) return
    this.#length += text.length
    if (this.#included++ >= maxIncluded || this.#length > maxRead) this.#makefile.isUnclear = true
    else this.#lines(makefileLines(text.replaceAll(mark, '?')), isSure)
  }

  finish(): string[] {
    const makefile = this.#makefile
    if (this.#isComputed)
      for (const [key, value] of makefile.variables) makefile.variables.set(key, { ...value, isSure: false })
    // What is unclear in them makes no command, unless a name does.
    const reading = { ...makefile }
    makefile.hasOddNames = this.#heads.some((head) => oddNames.test(fill(head, reading)))
    makefile.isUnclear ||= this.#called > maxCalls
    return this.#commands
  }

  #calls(raw: string): void {
    const line = joinedLine(raw)
    this.#makefile.isUnclear ||= changesMore.test(line)
    this.#isComputed ||= /\$[({]eval\s/.test(line)
    for (const { index } of line.matchAll(/\$[({]shell\s/g)) {
      if (this.#called > maxCalls) break
      const command = line.slice(index + '$(shell '.length, closingBracket(line, index + 1))
      this.#called += command.length
      this.#commands.push(command)
    }
  }

  #lines(lines: readonly MakefileLine[], isOutside: boolean): void {
    const makefile = this.#makefile
    let conditions = 0
    for (const { raw } of lines) this.#calls(raw)
    for (let index = 0; index < lines.length; index++) {
      const { raw = '' } = lines[index] ?? {}
      const isTabbed = raw.startsWith('\t')
      if (isTabbed) this.#commands.push(raw)
      const statement = readMakeStatement(raw)
      const isSure = isOutside && !isTabbed && conditions === 0
      if (statement.kind === 'assignment') this.#assign({ ...statement, isSure })
      else if (statement.kind === 'define') {
        const { text, end } = definitionAt(lines, index)
        makefile.isUnclear ||= isTabbed || end === null
        this.#assign({ ...statement, value: text, isSure })
        // `$(eval …)` may read it.
        for (const line of makefileLines(text)) this.#include(readMakeStatement(line.raw), false)
        index = end ?? lines.length
      } else if (statement.kind === 'condition') {
        makefile.isUnclear ||= isTabbed
        conditions = Math.max(0, conditions + (statement.word === 'endif' ? -1 : statement.word === 'else' ? 0 : 1))
      } else if (statement.kind === 'undefine') this.#isComputed = true
      else if (statement.kind === 'export') this.#export(statement.names)
      else if (statement.kind === 'include') this.#include(statement, isSure)
      else if (statement.kind === 'rule' && statement.own) this.#assign({ ...statement.own, isSure: false })
      else if (!isTabbed && (statement.kind === 'rule' || statement.kind === 'text')) this.#rule(statement)
    }
  }

  #include(statement: MakeStatement, isSure: boolean): void {
    if (statement.kind === 'include') for (const name of statement.names.split(/\s+/)) this.read(name, isSure)
  }

  #export(names: string): void {
    const words = names.split(/\s+/).filter((name) => name !== '')
    if (words.length === 0 || names.includes('$')) this.#makefile.exported = null
    else for (const name of words) this.#makefile.exported?.add(name)
  }

  #rule(statement: Extract<MakeStatement, { kind: 'rule' | 'text' }>): void {
    if (statement.recipe !== null) this.#commands.push(statement.recipe)
    if (statement.kind === 'rule') {
      this.#heads.push(`${statement.targets}: ${statement.rest}`)
      if (statement.targets.includes('EXPORT_ALL_VARIABLES')) this.#makefile.exported = null
    }
    // What the line says once it is read may be a rule, with a command behind it.
    else if (statement.text.includes('$'))
      this.#commands.push(fill(statement.text, this.#makefile).replace(/^[^;]*;?/, ''))
  }

  #assign(assignment: Assignment & { modifiers: readonly string[] }): void {
    const { name, operator, value, modifiers } = assignment
    this.#isComputed ||= name.includes('$')
    if (modifiers.includes('export')) this.#export(name)
    assign(this.#makefile, assignment)
    if (operator === '!=') this.#commands.push(value)
  }
}

interface Assignment {
  name: string
  operator: string
  value: string
  isSure: boolean
}

function assign(makefile: Makefile, { name, operator, value, isSure }: Assignment): void {
  const usual = Object.hasOwn(makeDefaults, name) ? makeDefaults[name] : undefined
  const known =
    makefile.variables.get(name) ?? (usual === undefined ? undefined : { text: usual, isFinal: false, isSure: true })
  const isFinal = operator === '=' ? false : operator.startsWith(':') || (known?.isFinal ?? false)
  const reading = { ...makefile, isUnclear: operator === '!=' }
  const now = isFinal ? fill(value, reading) : value
  const isAdded = operator === '+=' && known !== undefined
  const text =
    operator === '!=' ? some : isAdded ? `${known.text} ${now}` : operator === '?=' ? (known?.text ?? now) : now
  const mayBeMore = operator === '+=' && (makefile.assigned.has(name) || text.length > maxText)
  const isCertain = isSure && known?.isSure !== false && !reading.isUnclear && !mayBeMore
  makefile.variables.set(name, { text: text.slice(0, maxText), isFinal, isSure: isCertain })
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
    if (result.length > maxText) {
      makefile.isUnclear = true
      return some
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
      makefile.left -= value.text.length >> 6
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
