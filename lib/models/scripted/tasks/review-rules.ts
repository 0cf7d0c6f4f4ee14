/** A line of a change as the reviewer is shown it. */
export interface ChangedLine {
  kind: 'add' | 'remove' | 'same'
  /** In the file as it is now; of a removed line, where it was. */
  line: number
  text: string
}

export interface ChangedFile {
  path: string
  isDeleted: boolean
  lines: readonly ChangedLine[]
}

/** What a fixed rule says of a line. */
export interface RuleFinding {
  priority: number
  title: string
  body: string
  confidence: number
}

interface Rule extends RuleFinding {
  matches: (text: string, file: ChangedFile) => boolean
  /** The line as it should be, null to leave it out; missing where a script cannot know. */
  mend?: (text: string) => string | null
}

const isTest = (path: string) => /[._](?:test|spec)\.[cm]?[jt]sx?$/.test(path)
const isScript = ({ path }: ChangedFile) => /\.[cm]?[jt]sx?$/.test(path)

/** Each looks at one added line. The first that matches a line speaks. */
export const rules: readonly Rule[] = [
  {
    priority: 0,
    title: 'A key stands in the code',
    body: 'Whoever gets the project gets the key too. Take it out, make a new one, and read it from the environment.',
    confidence: 0.9,
    matches: (text) => text.includes('«secret:'),
  },
  {
    priority: 1,
    title: 'A debugger statement is left in the code',
    body: 'It stops every run that has developer tools open. Remove the line.',
    confidence: 0.95,
    matches: (text, file) => isScript(file) && /^\s*debugger\b/.test(text),
    mend: () => null,
  },
  {
    priority: 1,
    title: 'Only one test of the file runs',
    body: '`.only` keeps all other tests of the file from running, so they cannot fail any more. Remove `.only`.',
    confidence: 0.95,
    matches: (text, { path }) => isTest(path) && /\b(?:test|it|describe)\.only\(/.test(text),
    mend: (text) => text.replace('.only(', '('),
  },
  {
    priority: 2,
    title: 'A test is switched off',
    body: 'A skipped test proves nothing. Mend what it found, or say why it has to wait.',
    confidence: 0.8,
    matches: (text, { path }) => isTest(path) && /\b(?:test|it|describe)\.skip\(|\bx(?:it|test)\(/.test(text),
    mend: (text) => text.replace('.skip(', '(').replace(/\bx(it|test)\(/, '$1('),
  },
  {
    priority: 1,
    title: 'Text is run or parsed as code',
    body: 'If any of it comes from a user, they decide what runs. Use `textContent`, or parse the text.',
    confidence: 0.6,
    matches: (text, file) => isScript(file) && /\beval\(|\.innerHTML\s*=(?!=)|\bnew Function\(/.test(text),
  },
  {
    priority: 2,
    title: 'Compares with == instead of ===',
    body: '`==` converts its sides first, so that for example `0 == ""` holds. Use `===`.',
    confidence: 0.7,
    matches: (text, file) => isScript(file) && /[^=!]==[^=]|!=[^=]/.test(text) && !/[!=]=\s*null\b/.test(text),
    mend: (text) => text.replace(/([^=!])==(?!=)/g, '$1===').replace(/!=(?!=)/g, '!=='),
  },
  {
    priority: 2,
    title: 'An error is swallowed',
    body: 'The catch block does nothing, so nobody hears of the failure. Handle it or let it pass.',
    confidence: 0.8,
    matches: (text, file) => isScript(file) && /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/.test(text),
  },
  {
    priority: 3,
    title: 'A console.log is left in the code',
    body: 'It looks like a trace from debugging. Remove it, unless the program is meant to print this.',
    confidence: 0.6,
    matches: (text, file) =>
      isScript(file) && !isTest(file.path) && /^\s*console\.(?:log|debug)\(.*\);?\s*$/.test(text),
    mend: () => null,
  },
  {
    priority: 3,
    title: 'Something is left to be done',
    body: 'The comment says that the change is not finished. Finish it, or say where the rest is tracked.',
    confidence: 0.5,
    matches: (text) => /\b(?:TODO|FIXME|XXX)\b/.test(text),
  },
]

/** Calls of functions known to be asynchronous whose promise nobody waits for. */
export function missingAwait(text: string, asyncNames: ReadonlySet<string>): string | null {
  if (/\bawait\b|\breturn\b|\bvoid\b|\.then\(|\.catch\(|=>|\bPromise\.|\bfunction\b|^\s*(?:\/\/|\*)/.test(text))
    return null
  return (
    [...text.matchAll(/(?<![.\w])(\w+)\(/g)].map((match) => match[1] ?? '').find((name) => asyncNames.has(name)) ?? null
  )
}

/** Names of asynchronous functions that a text defines. */
export function asyncNamesIn(text: string): string[] {
  const defined = /\basync\s+function\s+(\w+)|\b(?:const|let)\s+(\w+)\s*=\s*async\b/g
  return [...text.matchAll(defined)].map((match) => match[1] ?? match[2] ?? '')
}

/** How many tests fewer a test file has. */
export function removedTests({ path, lines }: ChangedFile): number {
  if (!isTest(path)) return 0
  const count = (kind: ChangedLine['kind']) =>
    lines.filter((line) => line.kind === kind && /^\s*(?:test|it)(?:\.\w+)?\(/.test(line.text)).length
  return Math.max(0, count('remove') - count('add'))
}
