import type { Bash } from 'just-bash/browser'

type Command = ReturnType<Bash['transform']>['ast']['statements'][number]['pipelines'][number]['commands'][number]
type Simple = Extract<Command, { type: 'SimpleCommand' }>
type Word = Simple['args'][number]

interface Reader {
  /** Options whose next word is a value. */
  valued?: string
  /** Words before the files: a pattern, a program. */
  leading?: number
  /** With one of these the leading word is given by the option. */
  replaces?: RegExp
  /** With one of these standard input is not read. */
  never?: RegExp
  /** Leading words that ask for no input. */
  quiet?: RegExp
  /** Whatever the words are. */
  always?: true
}

const plain: Reader = {}
const grep: Reader = {
  valued: 'e f m A B C',
  leading: 1,
  replaces: /^(-e|-f|--regexp|--file)/,
  never: /^-[a-zA-Z]*[rR]|^--recursive/,
}

/** Commands that read standard input when no file is named. */
const readers: Record<string, Reader> = {
  ...Object.fromEntries(
    'cat wc rev nl tac expand unexpand column xxd md5sum sha1sum sha256sum strings gzip gunzip zcat less more'
      .split(' ')
      .map((name) => [name, plain]),
  ),
  ...Object.fromEntries('tr tee xargs'.split(' ').map((name) => [name, { always: true } satisfies Reader])),
  head: { valued: 'n c' },
  tail: { valued: 'n c' },
  sort: { valued: 'k t o S T' },
  uniq: { valued: 'f s w' },
  cut: { valued: 'd f c b' },
  fold: { valued: 'w' },
  base64: { valued: 'w' },
  od: { valued: 'A t N j' },
  grep,
  egrep: grep,
  fgrep: grep,
  sed: { valued: 'e f', leading: 1, replaces: /^(-e|-f|--expression|--file)/, never: /^-[a-zA-Z]*i|^--in-place/ },
  awk: { valued: 'F v f', leading: 1, replaces: /^-f/, quiet: /^\s*BEGIN\b/ },
  jq: {
    leading: 1,
    never: /^(-n|--null-input|-f|--from-file|--arg|--args|--argjson|--jsonargs|--slurpfile|--rawfile)$/,
  },
}

const asksForHelp = /^--(help|version)$/

/** Whether the command waits for what comes on standard input: no file is named, and none can be among its words. */
export function readsInput({ name, args }: Simple): boolean {
  const reader = readers[(name && textOf(name)) ?? '']
  if (!reader) return false
  if (reader.always) return !args.some((word) => asksForHelp.test(textOf(word) ?? ''))
  const valued = new Set(reader.valued?.split(' ').map((letter) => `-${letter}`))
  let leading = reader.leading ?? 0
  let files = 0
  let isOption = true
  for (let index = 0; index < args.length; index++) {
    const text = textOf(args[index] as Word)
    if (text === '--' && isOption) isOption = false
    else if (text?.startsWith('-') && text !== '-' && isOption) {
      if (reader.never?.test(text) || asksForHelp.test(text)) return false
      if (reader.replaces?.test(text)) leading = 0
      if (valued.has(text)) index += 1
    } else if (leading > 0) {
      if (text !== null && reader.quiet?.test(text)) return false
      leading -= 1
    } else if (text !== '-') files += 1
  }
  return files === 0
}

/** The word as it stands; null when it is known only when it runs. */
function textOf({ parts }: Word): string | null {
  let text = ''
  for (const part of parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted') text += part.value
    else if (part.type === 'DoubleQuoted') {
      const inner = textOf({ type: 'Word', parts: part.parts })
      if (inner === null) return null
      text += inner
    } else return null
  }
  return text
}
