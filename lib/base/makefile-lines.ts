/** A line of a makefile, with those that it goes on in. */
export interface MakefileLine {
  number: number
  /** As recipes have it: the shell reads what goes on in the next line. */
  raw: string
}

export interface MakeAssignment {
  kind: 'assignment'
  modifiers: string[]
  name: string
  operator: string
  value: string
}

/** What `make` takes a line for that is no line of a recipe, in the order in which it looks. */
export type MakeStatement =
  | { kind: 'empty' }
  | MakeAssignment
  /** What is defined stands in the lines behind it, see `definitionAt`. */
  | { kind: 'define'; modifiers: string[]; name: string; operator: string }
  | { kind: 'undefine'; modifiers: string[]; name: string }
  | { kind: 'condition'; word: 'ifeq' | 'ifneq' | 'ifdef' | 'ifndef' | 'else' | 'endif'; rest: string }
  | { kind: 'include'; isOptional: boolean; names: string }
  | { kind: 'export' | 'unexport' | 'vpath' | 'load'; names: string }
  /** `own`: a variable of the targets; `recipe`: what stands behind a semicolon, as the shell gets it. */
  | {
      kind: 'rule'
      targets: string
      isDouble: boolean
      rest: string
      own: MakeAssignment | null
      recipe: string | null
    }
  /** A rule once it is read, or nothing that `make` knows. */
  | { kind: 'text'; text: string; recipe: string | null }

export function makefileLines(text: string): MakefileLine[] {
  const lines: MakefileLine[] = []
  const written = text.replaceAll('\r\n', '\n').split('\n')
  for (let index = 0; index < written.length; index++) {
    const number = index + 1
    const parts = [written[index] ?? '']
    while (/(?<!\\)(?:\\\\)*\\$/.test(parts.at(-1) ?? '') && index + 1 < written.length)
      parts.push((written[++index] ?? '').replace(/^\t/, ''))
    lines.push({ number, raw: parts.join('\n') })
  }
  return lines
}

export function readMakeStatement(raw: string): MakeStatement {
  const whole = withoutComment(joinedLine(raw)).trimStart()
  const assignment = readMakeAssignment(whole)
  if (assignment) return assignment
  const line = whole.trimEnd()
  if (line === '') return { kind: 'empty' }
  const { modifiers, text } = withoutModifiers(line)
  const [, name = '', operator = ''] = /^define\s+(\S+?)\s*(:{0,3}=|[?+!]=)?$/.exec(text) ?? []
  if (name !== '') return { kind: 'define', modifiers, name, operator: operator || '=' }
  const gone = /^undefine\s+(.*)$/.exec(text)?.[1]
  if (gone !== undefined) return { kind: 'undefine', modifiers, name: gone }
  const [, word = '', rest = ''] = /^([-\w]+)(?:\s+(.*))?$/s.exec(line) ?? []
  switch (word) {
    case 'ifeq':
    case 'ifneq':
    case 'ifdef':
    case 'ifndef':
    case 'else':
    case 'endif':
      return { kind: 'condition', word, rest }
    case 'include':
    case '-include':
    case 'sinclude':
      return { kind: 'include', isOptional: word !== 'include', names: rest }
    case 'export':
    case 'unexport':
    case 'vpath':
    case 'load':
      if (!rest.startsWith(':')) return { kind: word, names: rest }
  }
  return readRule(raw)
}

function withoutModifiers(line: string): { modifiers: string[]; text: string } {
  const [, words = '', text = ''] = /^((?:(?:export|override|private)\s+(?![:?+!]*=))*)(.*)$/s.exec(line) ?? []
  return { modifiers: words.split(/\s+/).filter(Boolean), text }
}

function readRule(raw: string): MakeStatement {
  const line = withoutComment(joinedLine(raw)).trimStart()
  const at = findOutsideBrackets(line, ':')
  const own =
    at === -1
      ? null
      : readMakeAssignment(
          line
            .slice(at + 1)
            .replace(/^:/, '')
            .trimStart(),
        )
  if (own && !own.name.includes(';'))
    return { kind: 'rule', targets: line.slice(0, at).trim(), isDouble: false, rest: '', own, recipe: null }
  const comment = findOutsideBrackets(raw, '#')
  const semicolon = findOutsideBrackets(raw, ';')
  const hasRecipe = semicolon !== -1 && (comment === -1 || semicolon < comment)
  const recipe = hasRecipe ? raw.slice(semicolon + 1).trimStart() : null
  const head = withoutComment(joinedLine(hasRecipe ? raw.slice(0, semicolon) : raw)).trim()
  const colon = findOutsideBrackets(head, ':')
  if (colon === -1) return { kind: 'text', text: head, recipe }
  const isDouble = head[colon + 1] === ':'
  const rest = head.slice(colon + (isDouble ? 2 : 1)).trim()
  return { kind: 'rule', targets: head.slice(0, colon).trim(), isDouble, rest, own: null, recipe }
}

/** `NAME = value`, with any of the operators; null for a text that is none. */
export function readMakeAssignment(line: string): MakeAssignment | null {
  const { modifiers, text } = withoutModifiers(line)
  let end = 0
  while (end < text.length && !/^(?:\s|:{0,3}=|[?+!]=)/.test(text.slice(end, end + 4))) {
    if (text[end] === ':') return null
    if (isReference(text, end)) end = closingBracket(text, end + 1)
    end++
  }
  const [, operator = '', value = ''] = /^[ \t]*(:{0,3}=|[?+!]=)[ \t]*(.*)$/s.exec(text.slice(end)) ?? []
  return end === 0 || operator === ''
    ? null
    : { kind: 'assignment', modifiers, name: text.slice(0, end), operator, value }
}

/** What the `define` in a line says, and the index of its `endef`, which is null where that is missing. */
export function definitionAt(lines: readonly MakefileLine[], index: number): { text: string; end: number | null } {
  const body: string[] = []
  let depth = 1
  for (let at = index + 1; at < lines.length; at++) {
    const raw = lines[at]?.raw ?? ''
    const word = /^ *(define|endef)(?=[\s#]|$)/.exec(raw)?.[1]
    depth += word === 'define' ? 1 : word === 'endef' ? -1 : 0
    if (depth === 0) return { text: body.join('\n'), end: at }
    body.push(joinedLine(raw))
  }
  return { text: body.join('\n'), end: null }
}

/** In one line; a look at what stands before keeps long rows of blanks from being tried at each of them. */
export function joinedLine(raw: string): string {
  return raw.replace(/(?<![ \t])[ \t]*\\\n[ \t]*/g, ' ')
}

function withoutComment(line: string): string {
  const at = findOutsideBrackets(line, '#')
  return (at === -1 ? line : line.slice(0, at)).replaceAll('\\#', '#')
}

/** The first place of a character that stands in no brackets of `make` and behind no backslash; -1 without one. */
export function findOutsideBrackets(text: string, wanted: string): number {
  for (let at = 0; at < text.length; at++) {
    if (isReference(text, at)) at = closingBracket(text, at + 1)
    else if (text[at] === '\\') at++
    else if (text[at] === wanted) return at
  }
  return -1
}

function isReference(text: string, at: number): boolean {
  return text[at] === '$' && /[({]/.test(text[at + 1] ?? '')
}

/** Where the bracket at `at` ends: the text's length where it does not. */
export function closingBracket(text: string, at: number): number {
  const [open, close] = text[at] === '{' ? ['{', '}'] : ['(', ')']
  let depth = 0
  for (let end = at; end < text.length; end++) {
    if (text[end] === open) depth++
    else if (text[end] === close && --depth === 0) return end
  }
  return text.length
}

/** What variables hold that no makefile sets. */
export const makeDefaults: Readonly<Record<string, string>> = {
  AR: 'ar',
  ARFLAGS: 'rv',
  AS: 'as',
  CC: 'cc',
  CPP: '$(CC) -E',
  CXX: 'g++',
  LD: 'ld',
  LEX: 'lex',
  MAKE: 'make',
  RM: 'rm -f',
  SHELL: '/bin/sh',
  YACC: 'yacc',
}
