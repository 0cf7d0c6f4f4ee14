export interface OptionSpec {
  /** Canonical name → its other spellings, e.g. `{ '--all': ['-a'] }`; without a value. */
  flags?: Record<string, readonly string[]>
  /** As `flags`, with a value: `-m x`, `-mx`, `--message x`, `--message=x`. */
  values?: Record<string, readonly string[]>
  /** With a value only after `=`: `--color=always`, or alone. */
  optional?: readonly string[]
}

export interface Options {
  has(name: string): boolean
  value(name: string): string | undefined
  all(name: string): readonly string[]
  /** Words before `--`. */
  words: string[]
  /** Words after `--`; null without it. */
  paths: string[] | null
}

/** What is wrong with the options; throws. */
export type RefuseOption = (problem: 'unknown' | 'no-value', option: string) => never

/** Options and words in any order, short ones joined (`-rn`), values attached or apart. */
export function readOptions(
  args: readonly string[],
  { flags = {}, values = {}, optional = [] }: OptionSpec,
  refuse: RefuseOption,
): Options {
  const names = new Map<string, { name: string; hasValue: boolean }>()
  for (const [table, hasValue] of [
    [flags, false],
    [values, true],
  ] as const) {
    for (const [name, others] of Object.entries(table)) {
      for (const spelling of [name, ...others]) names.set(spelling, { name, hasValue })
    }
  }
  const found = new Map<string, string[]>()
  const words: string[] = []
  let paths: string[] | null = null
  const note = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value])
  const unknown = (option: string): never => refuse('unknown', option)
  const valueAfter = (index: number, option: string) => args[index + 1] ?? refuse('no-value', option)

  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === '--') {
      paths = args.slice(i + 1)
      break
    }
    if (!word.startsWith('-') || word === '-') words.push(word)
    else if (word.startsWith('--')) {
      const [head = '', ...tail] = word.split('=')
      const option = names.get(head)
      if (optional.includes(head)) note(head, tail.join('='))
      else if (!option) unknown(head)
      else if (!option.hasValue) note(option.name, '')
      else if (tail.length > 0) note(option.name, tail.join('='))
      else note(option.name, valueAfter(i++, head))
    } else {
      for (let at = 1; at < word.length; at++) {
        const short = `-${word[at]}`
        const option = names.get(short)
        if (!option) unknown(short)
        else if (!option.hasValue) note(option.name, '')
        else {
          note(option.name, at + 1 < word.length ? word.slice(at + 1) : valueAfter(i++, short))
          break
        }
      }
    }
  }
  return {
    has: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1),
    all: (name) => found.get(name) ?? [],
    words,
    paths,
  }
}
