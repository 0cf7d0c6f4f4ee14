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
/** Words that one may spell with braces; what may be more is not known. */
const maxSpelled = 1_000
const maxBraces = 50
/** Stand-ins for braces and commas that are not quoted, while a word is read. */
const brace = { open: '\ue000', comma: '\ue001', close: '\ue002' }
const unquoted: Record<string, string> = { '{': brace.open, ',': brace.comma, '}': brace.close }
const wordEnd = new Set([' ', '\t', '\n', '\r', ';', '&', '|', '(', ')', '<', '>', ''])
/** Words after which another command begins. */
const leadingKeywords = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', '}', 'coproc'])
const closingKeywords = new Set(['fi', 'done', 'esac'])
/** `for x in a b`, `case x in`: the words up to the separator are data. */
const headKeywords = new Set(['for', 'select', 'case'])

/**
 * Splits a shell line into its simple commands, including those inside loops, subshells and substitutions.
 * It over-approximates: what it cannot place is still listed as a command, so a judge sees at least what would run.
 */
export function parseShell(source: string, depth = 0): ShellLine {
  return new ShellReader(source, depth).read()
}

class ShellReader {
  private at = 0
  private readonly commands: SimpleCommand[] = []
  private readonly values: Word[] = []
  private plain = true
  private broken = false
  private current: SimpleCommand = emptyCommand()
  private readonly heredocs: { delimiter: string; expands: boolean }[] = []

  constructor(
    private readonly source: string,
    private readonly depth: number,
  ) {}

  read(): ShellLine {
    if (this.depth > maxDepth) return { commands: [], values: [], plain: false, broken: true }
    while (this.at < this.source.length) this.step()
    this.endCommand(false)
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
    else if (char === '#') this.skipComment()
    else if (char === '>' || char === '<' || (char === '&' && this.peek(1) === '>')) this.redirect()
    else if (char === ';' || char === '&' || char === '|') this.separator()
    else if (char === '(' || char === ')') this.bracket()
    else this.word()
  }

  private newline() {
    this.endCommand(false)
    this.at++
    for (const { delimiter, expands } of this.heredocs.splice(0)) this.skipHeredoc(delimiter, expands)
  }

  private skipComment() {
    const end = this.source.indexOf('\n', this.at)
    this.at = end === -1 ? this.source.length : end
  }

  private separator() {
    const pipe = this.peek() === '|' && this.peek(1) !== '|'
    const background = this.peek() === '&' && this.peek(1) !== '&'
    if (background) this.plain = false
    while (';&|'.includes(this.peek()) && this.peek() !== '') this.at++
    this.endCommand(pipe)
  }

  private bracket() {
    this.plain = false
    this.at++
    this.endCommand(this.current.fedByInput)
  }

  private endCommand(feedsNext: boolean) {
    if (this.current.words.length + this.current.writes.length + this.current.reads.length > 0)
      this.commands.push(this.current)
    this.current = { ...emptyCommand(), fedByInput: feedsNext }
  }

  private redirect() {
    this.plain = false
    const operator =
      /^(?:&>>?|<<<|<<-?|[<>]\(|<>|>>|>\||[<>]&|[<>])/.exec(this.source.slice(this.at, this.at + 3))?.[0] ?? '>'
    if (operator.endsWith('(')) return this.processSubstitution()
    this.at += operator.length
    while (this.peek() === ' ' || this.peek() === '\t') this.at++
    const quoted = /^['"\\]/.test(this.peek())
    const target = this.readWord()
    if (operator.startsWith('<<') && operator !== '<<<')
      this.heredocs.push({ delimiter: target.text, expands: !quoted })
    if (operator.startsWith('<')) this.current.fedByInput = true
    if (operator === '<') this.current.reads.push(target)
    if (operator === '<<<') this.values.push(target)
    if (operator.includes('>') && !(operator.endsWith('&') && /^[\d-]+$/.test(target.text)))
      this.current.writes.push(target)
  }

  /** The program gets the name of a file, whose text is only known when it runs. */
  private processSubstitution() {
    const start = this.at++
    this.nested(this.readBalanced())
    this.current.words.push({ text: this.source.slice(start, this.at), dynamic: true, glob: false })
  }

  private skipHeredoc(delimiter: string, expands: boolean) {
    const lines = this.source.slice(this.at).split('\n')
    const end = lines.findIndex((line) => line.replace(/^\t+/, '') === delimiter)
    const body = (end === -1 ? lines : lines.slice(0, end)).join('\n')
    this.at = end === -1 ? this.source.length : this.at + lines.slice(0, end + 1).join('\n').length
    if (end === -1) this.broken = true
    if (expands) this.substitutionsOf(body)
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
    if (/^\d+$/.test(word.text) && (this.peek() === '>' || this.peek() === '<')) return
    const atCommand = this.current.words.length === 0
    const name = word.text
    if (atCommand && !word.dynamic && leadingKeywords.has(name)) this.plain = false
    else if (atCommand && closingKeywords.has(name)) this.plain = false
    else if (atCommand && headKeywords.has(name)) this.skipHead()
    else if (atCommand && name === 'function') this.skipName()
    else if (atCommand && /^[A-Za-z_]\w*\+?=/.test(name)) {
      this.plain = false
      this.values.push(word, ...others)
    } else this.current.words.push(word, ...others)
    if (word.dynamic) this.plain = false
  }

  private skipHead() {
    this.plain = false
    while (this.at < this.source.length && !'\n;)'.includes(this.peek())) {
      if (wordEnd.has(this.peek())) this.at++
      else {
        const words = this.readBraced()
        if (words[0]?.text === 'in' && this.source.slice(0, this.at).includes('case')) return
        this.values.push(...words)
      }
    }
  }

  /** What follows `function` is a name; its body is read like any other text. */
  private skipName() {
    this.plain = false
    while (this.peek() === ' ' || this.peek() === '\t') this.at++
    this.readWord()
  }

  private readWord(): Word {
    const word = this.readRaw()
    return { ...word, text: withBraces(word.text) }
  }

  /** A word with braces as the words that it spells, `npm {ci,test}` as `npm ci test`. */
  private readBraced(): Word[] {
    const word = this.readRaw()
    const groups = word.text.split(brace.open).length - 1
    const choices = word.text.split(brace.comma).length - 1
    // At the most when the choices are spread evenly.
    const isFew = groups === 0 || (groups <= maxBraces && (choices / groups + 1) ** groups <= maxSpelled)
    const isKnown = isFew && !/\ue000[^\ue002]*\.\./.test(word.text)
    if (!isKnown) return [{ ...word, text: withBraces(word.text), dynamic: true }]
    // What spells nothing is no word: `npm {,ci}` is `npm ci`.
    const texts = groups === 0 ? [withBraces(word.text)] : spelled(word.text).filter((text) => text !== '')
    return texts.map((text) => ({ ...word, text }))
  }

  private readRaw(): Word {
    const word: Word = { text: '', dynamic: false, glob: false }
    const start = this.at
    while (!wordEnd.has(this.peek())) {
      const char = this.peek()
      if (char === "'") word.text += this.singleQuoted()
      else if (char === '"') this.doubleQuoted(word)
      else if (char === '\\') {
        if (this.peek(1) !== '\n') word.text += this.peek(1)
        this.at += 2
      } else if (char === '$' && this.peek(1) === "'") {
        // ANSI-C quoting can spell any text, so its value counts as unknown.
        this.at++
        word.text += this.singleQuoted()
        word.dynamic = true
      } else if (char === '$' || char === '`') {
        word.text += this.expansion()
        word.dynamic = true
      } else {
        word.glob ||= '*?['.includes(char)
        word.text += unquoted[char] ?? char
        this.at++
      }
    }
    if (this.at === start) this.at++
    return word
  }

  private singleQuoted(): string {
    const end = this.source.indexOf("'", this.at + 1)
    if (end === -1) this.broken = true
    const text = this.source.slice(this.at + 1, end === -1 ? undefined : end)
    this.at = end === -1 ? this.source.length : end + 1
    return text
  }

  private doubleQuoted(word: Word) {
    this.at++
    while (this.at < this.source.length && this.peek() !== '"') {
      if (this.peek() === '\\' && '"\\$`\n'.includes(this.peek(1))) {
        word.text += this.peek(1)
        this.at += 2
      } else if (this.peek() === '$' || this.peek() === '`') {
        word.text += this.expansion()
        word.dynamic = true
      } else word.text += this.source[this.at++]
    }
    if (this.at >= this.source.length) this.broken = true
    this.at++
  }

  /** `$name`, `${…}`, `$(…)`, `$((…))` or backticks; commands inside are read too. Returns it as written. */
  private expansion(): string {
    const start = this.at
    if (this.peek() === '`') {
      const end = this.source.indexOf('`', this.at + 1)
      if (end === -1) this.broken = true
      this.nested(this.source.slice(this.at + 1, end === -1 ? undefined : end))
      this.at = end === -1 ? this.source.length : end + 1
    } else if (this.peek(1) === '(') {
      this.at++
      this.nested(this.readBalanced())
    } else if (this.peek(1) === '{') {
      const end = this.source.indexOf('}', this.at)
      if (end === -1) this.broken = true
      const inner = this.source.slice(this.at + 2, end === -1 ? undefined : end)
      if (/[$`]/.test(inner)) this.substitutionsOf(inner)
      this.at = end === -1 ? this.source.length : end + 1
    } else this.at += /^\$(?:\w+|[!@#$*?-])?/.exec(this.source.slice(this.at, this.at + 80))?.[0].length ?? 1
    return this.source.slice(start, this.at)
  }

  /** The text between `(` at the cursor and its partner, quotes respected. */
  private readBalanced(): string {
    const start = this.at + 1
    let open = 0
    while (this.at < this.source.length) {
      const char = this.peek()
      if (char === '\\') this.at++
      else if (char === "'") {
        this.singleQuoted()
        continue
      } else if (char === '(') open++
      else if (char === ')' && --open === 0) return this.source.slice(start, this.at++)
      this.at++
    }
    this.broken = true
    return this.source.slice(start)
  }

  private nested(inner: string) {
    const line = parseShell(inner, this.depth + 1)
    this.commands.push(...line.commands)
    this.values.push(...line.values)
    this.plain = false
    this.broken ||= line.broken
  }
}

/** Innermost groups first, so that nested ones spell at least what they would. */
function spelled(text: string): string[] {
  const group = /\ue000([^\ue000\ue002]*)\ue002/.exec(text)
  if (!group) return [withBraces(text)]
  const [whole, inner = ''] = group
  const parts = inner.split(brace.comma)
  const before = text.slice(0, group.index)
  const after = text.slice(group.index + whole.length)
  const choices = parts.length === 1 ? [`{${inner}}`] : parts
  return choices.flatMap((choice) => spelled(before + choice + after))
}

function withBraces(text: string): string {
  return text.replaceAll(brace.open, '{').replaceAll(brace.comma, ',').replaceAll(brace.close, '}')
}

function emptyCommand(): SimpleCommand {
  return { words: [], writes: [], reads: [], fedByInput: false }
}
