import { endOfBraces, endOfJoined } from './ends'
import { withGitRuns } from './git-runs'
import { spellBraces, unquotedBrace, withBraces } from './spell-braces'

/** A word of a shell line as far as it can be known without running anything. */
export interface Word {
  /** With quotes removed; expansions stay as written. */
  text: string
  /** Holds a variable, a substitution or arithmetic: its value is not known. */
  dynamic: boolean
  /** Holds an unquoted `*`, `?` or `[`. */
  glob: boolean
}

export interface SimpleCommand {
  words: Word[]
  /** Targets of `>`, `>>`, `>|`, `&>`, `<>`; duplications such as `2>&1` are left out. */
  writes: Word[]
  /** Files of `<`. */
  reads: Word[]
  /** A pipe, a file or a here-document feeds it, or another command of its line: groups and loops pass input on. */
  fedByInput: boolean
}

interface Heredoc {
  delimiter: string
  expands: boolean
  isIndented: boolean
}

export interface ShellLine {
  commands: SimpleCommand[]
  /** What variables are given: `F=x`, the words of `for F in …`, `<<< x`. */
  values: Word[]
  /** Only literal commands joined by `&&`, `||`, `;`, `|` or newlines: what is written is what runs. */
  plain: boolean
  /** The text ends inside quotes or a substitution, or nests too deeply to be read with certainty. */
  broken: boolean
}

const maxDepth = 8
/** Characters in words, which people and models do not write; documents are not among them. More would take long to judge. */
const maxWritten = 20_000
const maxHeredocs = 100
/** Expansions in expansions, `${a:-${b:-c}}`. */
const maxNesting = 50
const unread: ShellLine = { commands: [], values: [], plain: false, broken: true }
const wordEnd = new Set([' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>', ''])
/** Words after which another command begins. */
const leadingKeywords = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '{', '}', 'coproc'])
const closingKeywords = new Set(['fi', 'done', 'esac'])
/** `for x in a b`, `case x in`: the words up to the separator are data. */
const headKeywords = new Set(['for', 'select', 'case'])
/** Builtins that evaluate what stands between the brackets of `name[…]`, quoted or not. */
const evaluators = new Set('test [ [[ let declare typeset local export readonly printf read unset'.split(' '))
/** Within arithmetic some shells run what is escaped. */
const reopened = /\\[$`]/
const assignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/

/**
 * Splits a shell line into its simple commands, including those inside loops, subshells and substitutions.
 * It over-approximates: what it cannot place is still listed as a command, so a judge sees at least what would run.
 */
export function parseShell(source: string, depth = 0): ShellLine {
  const line = new ShellReader(source, depth).read()
  const words = line.commands.flatMap((command) => command.words)
  const length = [...words, ...line.values].reduce((sum, { text }) => sum + text.length + 1, 0)
  if (length > maxWritten) return unread
  return withGitRuns(line, (text) => parseShell(text, depth + 1))
}

class ShellReader {
  private at = 0
  private readonly commands: SimpleCommand[] = []
  private readonly values: Word[] = []
  private plain = true
  private broken = false
  private current: SimpleCommand = emptyCommand()
  /** `&&`, `||` or a pipe stands open: the command after it may be on a later line. */
  private isOpen = false
  private readonly heredocs: Heredoc[] = []
  /** What is open: `(` and `case`, whose patterns end in a `)` that closes nothing. */
  private readonly open: ('(' | 'case')[] = []
  /** Between `in` or `;;` and `)` stands a pattern of `case`. */
  private isPattern = false
  /** The `)` that ends a substitution was met. */
  private isClosed = false
  /** Nothing stands before the next word, so that it may be a keyword. */
  private isFresh = true
  private isInDoubleQuotes = false
  /** How many expansions stand in each other. */
  private nesting = 0
  private readonly arithmetic = { end: -1, reopened: -1 }
  /** What of the last word is written out; a blank stands for each expansion. */
  private literal = ''

  constructor(
    private readonly source: string,
    private readonly depth: number,
    /** Reads the inside of `$(…)`, up to its end. */
    private readonly isSubstitution = false,
  ) {}

  read(): ShellLine {
    if (this.depth > maxDepth) return unread
    while (this.at < this.source.length && !this.isClosed) this.step()
    this.endCommand(false)
    if (this.isOpen) this.plain = false
    if (this.commands.some(({ fedByInput }) => fedByInput))
      for (const command of this.commands) command.fedByInput = true
    const { commands, values, broken } = this
    return { commands, values, plain: this.plain && !broken, broken }
  }

  private peek(offset = 0): string {
    return this.source[this.at + offset] ?? ''
  }

  private step() {
    const char = this.peek()
    if (char === ' ' || char === '\t' || char === '\r') this.at++
    else if (char === '\n') this.newline()
    else if (char === '\\' && this.peek(1) === '\n') this.at += 2
    else if (char === '#' && this.peek(-1) !== '\r') this.skipComment()
    else if (char === '!' && this.isFresh) this.negation()
    else if (char === '>' || char === '<' || (char === '&' && this.peek(1) === '>')) this.redirect()
    else if (char === ';' || char === '&' || char === '|') this.separator()
    else if (char === '(' || char === ')') this.bracket()
    else this.word()
  }

  /** Some shells take `!x` for `! x`. */
  private negation() {
    this.plain = false
    this.at++
  }

  private newline() {
    this.endCommand(this.isEmpty() && this.current.fedByInput)
    this.at++
    for (const heredoc of this.heredocs.splice(0)) this.skipHeredoc(heredoc)
  }

  private skipComment() {
    const end = this.source.indexOf('\n', this.at)
    this.at = end === -1 ? this.source.length : end
  }

  /** With nothing before an operator the line is no shell line, or not a plain one. */
  private separator() {
    const operator = /^[;&|]+/.exec(this.source.slice(this.at))?.[0] ?? ''
    if (this.isEmpty() || !/^(?:;|&&|\|\|?)$/.test(operator)) this.plain = false
    this.at += operator.length
    if (this.isPattern && operator === '|') this.dropPattern()
    this.endCommand(/^\|(?!\|)/.test(operator))
    if (/^;[;&]/.test(operator)) this.isPattern = this.open.at(-1) === 'case'
    this.isOpen = operator !== ';'
  }

  private bracket() {
    this.plain = false
    const isOpening = this.source[this.at++] === '('
    if (isOpening && this.peek() === '(' && this.reopensArithmetic()) this.broken = true
    const isEndOfPattern = this.isPattern && !isOpening && this.open.at(-1) === 'case'
    if (isEndOfPattern) this.dropPattern()
    this.endCommand(this.current.fedByInput)
    if (isOpening) this.open.push('(')
    else if (this.open.at(-1) === '(') this.open.pop()
    else if (this.open.length === 0) this.isClosed = this.isSubstitution
    if (isEndOfPattern) this.isPattern = false
  }

  /** Looks for each end once, however many there are that it may belong to. */
  private reopensArithmetic(): boolean {
    const { arithmetic: known } = this
    const find = (from: number, found: number) => (found === -1 ? this.source.length : found + from)
    if (known.end < this.at) known.end = find(0, this.source.indexOf('))', this.at))
    if (known.reopened < this.at) known.reopened = find(this.at, this.source.slice(this.at).search(reopened))
    return known.reopened < known.end
  }

  /** What its words hold has been read. */
  private dropPattern() {
    this.current.words = []
  }

  private isEmpty(): boolean {
    const { words, writes, reads } = this.current
    return words.length + writes.length + reads.length === 0
  }

  private endCommand(feedsNext: boolean) {
    if (!this.isEmpty()) {
      this.commands.push(this.current)
      this.isOpen = false
    }
    this.current = { ...emptyCommand(), fedByInput: feedsNext }
    this.isFresh = true
  }

  private redirect() {
    this.plain = false
    this.isFresh = false
    const operator =
      /^(?:&>>?|<<<|<<-?|[<>]\(|<>|>>|>\||[<>]&|[<>])/.exec(this.source.slice(this.at, this.at + 3))?.[0] ?? '>'
    if (operator.endsWith('(')) return this.processSubstitution()
    const start = this.at
    this.at += operator.length
    this.skipBlanks()
    if (this.peek() === '(') return this.substitution()
    const quoted = /^['"\\]/.test(this.peek())
    const target = this.readWord()
    if (operator.startsWith('<<') && operator !== '<<<') {
      this.heredocs.push({ delimiter: target.text, expands: !quoted, isIndented: operator === '<<-' })
      if (this.heredocs.length > maxHeredocs) return this.giveUp()
      // In arithmetic `<<` shifts, and the next lines are no document.
      const before = this.source.slice(this.source.lastIndexOf('\n', start) + 1, start)
      if (/\(\(|\$\[|\[\[|\blet\b/.test(before)) this.broken = true
    }
    if (operator.startsWith('<')) this.current.fedByInput = true
    if (operator === '<') this.current.reads.push(target)
    if (operator === '<<<') this.values.push(target)
    if (operator.includes('>') && !(operator.endsWith('&') && /^[\d-]+$/.test(target.text)))
      this.current.writes.push(target)
  }

  /** The program gets the name of a file, whose text is only known when it runs. */
  private processSubstitution() {
    const start = this.at++
    this.substitution()
    this.current.words.push({ text: this.source.slice(start, this.at), dynamic: true, glob: false })
  }

  private skipHeredoc({ delimiter, expands, isIndented }: Heredoc) {
    const lines = this.source.slice(this.at).split('\n')
    const isEnd = (line: string) => (isIndented ? line.replace(/^\t+/, '') : line) === delimiter
    const end = lines.findIndex(isEnd)
    const body = lines.slice(0, end === -1 ? undefined : end)
    this.at = end === -1 ? this.source.length : this.at + lines.slice(0, end + 1).join('\n').length
    if (end === -1 || (expands && endOfJoined(lines, isEnd) !== end)) this.broken = true
    if (expands) this.substitutionsOf(body.join('\n'))
  }

  /** Runs the reader over a text in which only `$(…)` and backticks are live. */
  private substitutionsOf(text: string) {
    const inner = new ShellReader(text, this.depth)
    while (inner.at < text.length) {
      if (inner.peek() === '\\') inner.at += 2
      else if (inner.peek() === '$' || inner.peek() === '`') inner.expansion()
      else inner.at++
    }
    this.commands.push(...inner.commands)
    this.values.push(...inner.values)
    this.broken ||= inner.broken
  }

  private word() {
    const [word, ...others] = this.readBraced()
    if (word === undefined) return
    if (/^(?:\d+|\{\w+\})$/.test(word.text) && (this.peek() === '>' || this.peek() === '<')) return
    this.readLatent()
    const name = word.text
    if (this.isFresh && this.keyword(name)) this.plain = false
    else if (this.current.words.length === 0 && assignment.test(name)) {
      this.isFresh = this.plain = false
      this.values.push(word, ...others)
    } else if (name === '{') this.endGroupName()
    else this.current.words.push(word, ...others)
    if (this.current.words.length > 0) this.isFresh = false
    // A test ends here, whatever follows it.
    if (name === ']]' && this.current.words[0]?.text === '[[') this.endCommand(this.current.fedByInput)
    if (word.dynamic) this.plain = false
  }

  private keyword(name: string): boolean {
    if (name === 'esac' && this.open.at(-1) === 'case') this.open.pop()
    if (headKeywords.has(name)) this.skipHead(name)
    else if (name === 'function') this.skipName()
    else return leadingKeywords.has(name) || closingKeywords.has(name)
    return true
  }

  private skipHead(keyword: string) {
    if (keyword === 'case') this.open.push('case')
    else {
      this.skipBlanks()
      // `for x do`, `for x; do` and `for x {` have no words of their own.
      if (this.peek() !== '(') this.readWord()
      this.skipBlanks()
      if (!/^in(?![^\s;])/.test(this.source.slice(this.at, this.at + 3))) return
    }
    while (this.at < this.source.length && !'\n;)'.includes(this.peek())) {
      if (wordEnd.has(this.peek())) this.at++
      else {
        const words = this.readBraced()
        if (words[0]?.text === (keyword === 'case' ? 'in' : 'do')) {
          this.isPattern = keyword === 'case'
          return
        }
        if (keyword !== 'case') this.values.push(...words)
      }
    }
  }

  /** `coproc name {`: what stood before it is no command. */
  private endGroupName() {
    this.plain = false
    this.endCommand(this.current.fedByInput)
  }

  /** Text that is quoted now and evaluated later: in `x='…'`, in a subscript. */
  private readLatent() {
    const name = this.current.words[0]?.text
    const isKept = name === undefined ? assignment : evaluators.has(name) ? /\w\[[^\]]*(?:\$\(|`)/ : null
    if (isKept?.test(this.literal) && /\$\(|`/.test(this.literal)) this.substitutionsOf(this.literal)
  }

  /** What follows `function` is a name; its body is read like any other text. */
  private skipName() {
    this.skipBlanks()
    this.readWord()
  }

  /** A line goes on behind `\` at its end. */
  private skipBlanks() {
    this.at += /^(?:[ \t]|\\\n)*/.exec(this.source.slice(this.at))?.[0].length ?? 0
  }

  private readWord(): Word {
    const word = this.readRaw()
    return { ...word, text: withBraces(word.text) }
  }

  /** A word with braces as the words that it spells, `npm {ci,test}` as `npm ci test`. */
  private readBraced(): Word[] {
    const word = this.readRaw()
    const texts = spellBraces(word.text)
    // What spells nothing is no word: `npm {,ci}` is `npm ci`.
    return texts === null
      ? [{ ...word, text: withBraces(word.text), dynamic: true }]
      : texts.map((text) => ({ ...word, text }))
  }

  private readRaw(): Word {
    const word: Word = { text: '', dynamic: false, glob: false }
    const start = this.at
    let literal = ''
    const write = (text: string) => {
      word.text += text
      literal += text
    }
    while (!wordEnd.has(this.peek())) {
      const char = this.peek()
      if (char === "'") write(this.singleQuoted())
      else if (char === '"') literal += this.doubleQuoted(word)
      else if (char === '\\') {
        if (this.peek(1) !== '\n') write(this.peek(1))
        this.at += 2
      } else if (char === '$' && this.peek(1) === "'") {
        // ANSI-C quoting can spell any text, so its value counts as unknown.
        this.at++
        write(this.singleQuoted())
        word.dynamic = true
      } else if (char === '$' || char === '`') {
        word.text += this.expansion()
        word.dynamic = true
        literal += ' '
      } else {
        word.glob ||= '*?['.includes(char)
        write(unquotedBrace(char))
        this.at++
      }
    }
    if (this.at === start) this.at++
    this.literal = literal
    return word
  }

  private singleQuoted(): string {
    const end = this.source.indexOf("'", this.at + 1)
    if (end === -1) this.broken = true
    const text = this.source.slice(this.at + 1, end === -1 ? undefined : end)
    this.at = end === -1 ? this.source.length : end + 1
    return text
  }

  /** Returns what is written out in it. */
  private doubleQuoted(word: Word): string {
    let literal = ''
    this.isInDoubleQuotes = true
    this.at++
    while (this.at < this.source.length && this.peek() !== '"') {
      if (this.peek() === '$' || this.peek() === '`') {
        word.text += this.expansion()
        word.dynamic = true
        literal += ' '
        continue
      }
      const isEscaped = this.peek() === '\\' && '"\\$`\n'.includes(this.peek(1))
      const char = isEscaped ? this.peek(1) : this.peek()
      this.at += isEscaped ? 2 : 1
      if (isEscaped && char === '\n') continue
      word.text += char
      literal += char
    }
    if (this.at >= this.source.length) this.broken = true
    this.isInDoubleQuotes = false
    this.at++
    return literal
  }

  /** `$name`, `${…}`, `$(…)`, `$((…))` or backticks; commands inside are read too. Returns it as written. */
  private expansion(): string {
    const start = this.at
    this.nesting++
    if (this.nesting > maxNesting) this.giveUp()
    else if (this.peek() === '`') this.backticks()
    else if (this.peek(1) === '(') {
      this.at++
      this.substitution()
    } else if (this.peek(1) === '{') this.parameter()
    else this.at += /^\$(?:\w+|[!@#$*?-])?/.exec(this.source.slice(this.at, this.at + 80))?.[0].length ?? 1
    this.nesting--
    return this.source.slice(start, this.at)
  }

  /** Nobody writes such a text: no more of it is read. */
  private giveUp() {
    this.broken = true
    this.at = this.source.length
  }

  private backticks() {
    const inner = /^`((?:[^\\`]|\\.)*)`/s.exec(this.source.slice(this.at))
    if (!inner) this.broken = true
    const text = inner?.[1] ?? this.source.slice(this.at + 1)
    this.at += text.length + 2
    this.nested(new ShellReader(text.replace(/\\([\\`$])/g, '$1'), this.depth + 1).read())
  }

  /** `${…}` with whatever stands in it. */
  private parameter() {
    const start = this.at
    const inQuotes = this.isInDoubleQuotes
    for (this.at += 2; this.at < this.source.length && this.peek() !== '}'; ) {
      const char = this.peek()
      if (char === '$' || char === '`') this.expansion()
      else if (char === '"') this.doubleQuoted({ text: '', dynamic: false, glob: false })
      else if (char === "'" && !inQuotes) this.singleQuoted()
      else if (/[<>]/.test(char) && this.peek(1) === '(') {
        this.at++
        this.substitution()
      } else this.at += char === '\\' ? 2 : 1
      this.isInDoubleQuotes = inQuotes
    }
    if (this.at >= this.source.length) this.broken = true
    this.at++
    // Shells differ in where it ends when a quoted brace comes first, and in what is still escaped in there.
    const text = this.source.slice(start, this.at)
    if (endOfBraces(text) !== text.length || (inQuotes && text.includes("'")) || reopened.test(text)) this.broken = true
  }

  /** From the `(` at the cursor to behind its partner. */
  private substitution() {
    const inner = new ShellReader(this.source.slice(this.at + 1), this.depth + 1, true)
    this.nested(inner.read())
    const text = this.source.slice(this.at, this.at + 1 + inner.at)
    this.at += text.length
    // Where a document begins that was not read yet, or on the other side, cannot be told.
    const isUnclear =
      (this.heredocs.length > 0 && text.includes('\n')) || (inner.heredocs.length > 0 && text[1] !== '(')
    if (!inner.isClosed || isUnclear || (text.startsWith('((') && reopened.test(text))) this.broken = true
  }

  private nested(line: ShellLine) {
    this.commands.push(...line.commands)
    this.values.push(...line.values)
    this.plain = false
    this.broken ||= line.broken
  }
}

function emptyCommand(): SimpleCommand {
  return { words: [], writes: [], reads: [], fedByInput: false }
}
