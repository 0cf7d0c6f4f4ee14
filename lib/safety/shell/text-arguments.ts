import { gitCommandAt } from './git-runs'
import type { SimpleCommand, Word } from './parse-shell'
import { onlyEditsText } from './sed-script'

/** How a program's arguments are read up to its text, as far as they are known. */
interface Reading {
  /** Options without a value. */
  switches: RegExp
  /** Options whose value is the next word, and no path. */
  valued: RegExp
  /** Options whose value is such a text; then no operand is one. */
  texts: RegExp
  isText?: (text: string) => boolean
}

const grep: Reading = {
  switches: /^(?:-[abcEFGHhiIlLnoPqRrsTUvwxyZz]+|-[ABCm]\d+|--(?:include|exclude|exclude-dir|colou?r)=.*)$/,
  valued: /^-[ABCm]$/,
  texts: /^(?:-[abcEFGHhiIlLnoPqRrsTUvwxyZz]*e|--regexp)$/,
}
const readings = new Map<string, Reading>(
  Object.entries({
    grep,
    egrep: grep,
    fgrep: grep,
    rg: {
      switches: /^(?:-[abcFHiIlLnNopPqsSuUvwx]+|-[ABCm]\d+|--(?:hidden|no-ignore|count|no-heading|glob=.*|type=.*))$/,
      valued: /^-[ABCmgtT]$/,
      texts: /^(?:-[abcFHiIlLnNopPqsSuUvwx]*e|--regexp)$/,
    },
    sed: {
      switches: /^(?:-[nErsuz]+|-i(?:\.\w+)?)$/,
      valued: /^(?!)/,
      texts: /^-[nErsuz]*e$/,
      isText: onlyEditsText,
    },
    awk: {
      switches: /^-F.+$/,
      valued: /^-F$/,
      texts: /^(?!)/,
      // No redirection, no `getline`, no program of another file.
      isText: (program: string) => !/[<>|@"]|getline|system|close|ARG/.test(program),
    },
  }),
)

/**
 * The words of a command that are no paths, whatever they look like: what `grep` looks for, what `sed` and `awk` do with
 * the lines that they read. None where the command is not understood to the last option before them.
 */
export function textArguments({ words }: SimpleCommand): ReadonlySet<Word> {
  const none = new Set<Word>()
  const at = words[0]?.text === 'git' ? gitCommandAt(words.slice(1)) + 1 : 0
  const reading = readings.get(words[at]?.text ?? '')
  if (!reading || (at > 0 && reading !== grep)) return none
  const { switches, valued, texts, isText = () => true } = reading
  const found = new Set<Word>()
  const add = (word: Word | undefined): boolean => {
    if (word === undefined || word.dynamic || word.glob || !isText(word.text)) return false
    found.add(word)
    return true
  }
  const args = words.slice(at + 1)
  for (let index = 0; index < args.length; index++) {
    const { text = '', dynamic = true, glob = true } = args[index] ?? {}
    if (dynamic || glob) return none
    if (texts.test(text)) {
      if (!add(args[++index])) return none
    } else if (valued.test(text)) index++
    else if (!text.startsWith('-') || text === '-') {
      // Options behind it may bring in a file of texts, and then it is a path itself.
      if (args.slice(index + 1).some((later) => later.dynamic || /^-./.test(later.text))) return none
      if (found.size === 0 && !add(args[index])) return none
      return found
    } else if (!switches.test(text)) return none
  }
  return found
}
