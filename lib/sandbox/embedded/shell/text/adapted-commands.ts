import { encodeUtf8, fromLatin1, joinBytes } from '@/lib/base'
import { bytesResult, type CommandContext, type Commands, failure, inputOf, pathFrom, type Result } from '../command'
import { quote } from '../quote'
import { openOperand } from './operands'
import { withTextLines } from './sed-script'

/** Commands of just-bash with what they lack: options are translated into those it has, or output is put right. */
export const adaptedCommands: Commands = {
  awk: (args, context) => original(context, args.map(adaptAwkWord(args))),
  cut,
  find: (args, context) => original(context, withFoundNames(args)),
  head,
  jq,
  nl: async (args, context) => {
    const result = await original(context, args)
    // A line without a number has blanks in the place of the tab too.
    return { ...result, stdout: result.stdout.replaceAll(/^ {6}\t$/gm, ' '.repeat(7)) }
  },
  sed,
  tail,
  uniq: async (args, context) => {
    const result = await original(context, args)
    const isCounted = args.some((word) => /^-[a-z]*c|^--count$/.test(word))
    return isCounted
      ? { ...result, stdout: result.stdout.replaceAll(/^ *(\d+) /gm, (_, count) => `${count.padStart(7)} `) }
      : result
  },
  xargs,
}

function original(context: CommandContext, args: string[]): Promise<Result> {
  if (!context.origCommand) throw new Error('The command has no original.')
  return context.origCommand(args)
}

/** Texts, patterns (where no number can stand that would be divided), and `length` without arguments. */
const lengths = /"(?:[^"\\]|\\.)*"|(?<=(?:^|[({,;!~&|\n])\s*)\/(?:[^/\\\n]|\\.)*\/|\blength\b(?!\s*\()/g

/** `length` alone is the length of the line, and `-v OFS=,` counts from the first line on. */
function adaptAwkWord(args: readonly string[]) {
  const programAt = args.findIndex((word, index) => !word.startsWith('-') && !/^-[Fvf]$/.test(args[index - 1] ?? ''))
  const separators = args.flatMap((word, index) => {
    const [, value] = (args[index - 1] === '-v' ? /^OFS=(.*)$/s : /^-vOFS=(.*)$/s).exec(word) ?? []
    return value === undefined ? [] : [`BEGIN { OFS = "${value.replaceAll('"', '\\"')}" } `]
  })
  return (word: string, index: number): string => {
    if (index !== programAt || args.some((option) => /^-f/.test(option))) return word
    const program = word.replaceAll(lengths, (text) => (text === 'length' ? 'length($0)' : text))
    return separators.join('') + program
  }
}

async function cut(written: string[], context: CommandContext): Promise<Result> {
  // In ASCII a byte is a character.
  const args = written.map((word) => word.replace(/^-b/, '-c').replace(/^--bytes/, '--characters'))
  const at = args.findIndex((word) => word.startsWith('--output-delimiter='))
  // Between bytes or characters nothing stands that could be put in its place.
  if (at === -1 || !args.some((word) => /^-f|^--fields/.test(word))) return original(context, args)
  const wanted = (args[at] ?? '').slice('--output-delimiter='.length)
  const rest = args.filter((_, index) => index !== at)
  const delimiter =
    rest.map((word, index) => /^-d(.)$/s.exec(word)?.[1] ?? (rest[index - 1] === '-d' ? word : '')).join('') || '\t'
  const result = await original(context, rest)
  return { ...result, stdout: result.stdout.replaceAll(delimiter, wanted) }
}

/** `head -n -2`: all but the last two. */
async function head(args: string[], context: CommandContext): Promise<Result> {
  const joined = args.join('\0')
  const [all, unit = '', count = ''] = /(?:^|\0)(?:-([nc])\0?|--(?:lines|bytes)=)-(\d+)(?:\0|$)/.exec(joined) ?? []
  if (all === undefined) return original(context, args)
  const words = joined.replace(all, '\0').split('\0').filter(Boolean)
  const names = words.filter((word) => !/^-[qv]$/.test(word))
  const isTitled = words.includes('-v') || (names.length > 1 && !words.includes('-q'))
  const parts: Uint8Array[] = []
  for (const name of names.length > 0 ? names : ['-']) {
    const operand = await openOperand(context, name)
    if (operand?.kind !== 'file') return failure(`head: cannot open '${name}' for reading: No such file or directory`)
    if (isTitled) parts.push(encodeUtf8(`${parts.length > 0 ? '\n' : ''}==> ${name} <==\n`))
    const isBytes = unit === 'c' || all.includes('--bytes')
    parts.push(
      isBytes
        ? operand.bytes.subarray(0, Math.max(0, operand.bytes.byteLength - Number(count)))
        : withoutLast(operand.bytes, Number(count)),
    )
  }
  return bytesResult(joinBytes(parts))
}

/** `tail -c +3`: from the third byte on. */
async function tail(args: string[], context: CommandContext): Promise<Result> {
  const joined = args.join('\0')
  const [all, start = ''] = /(?:^|\0)(?:-c\0?|--bytes=)\+(\d+)(?=\0|$)/.exec(joined) ?? []
  if (all === undefined) return original(context, args)
  const [name = '-', ...others] = joined.replace(all, '').split('\0').filter(Boolean)
  if (others.length > 0) return failure('tail: -c +<number> takes one file here')
  const operand = await openOperand(context, name)
  if (operand?.kind !== 'file') return failure(`tail: cannot open '${name}' for reading: No such file or directory`)
  return bytesResult(operand.bytes.subarray(Math.max(0, Number(start) - 1)))
}

function withoutLast(bytes: Uint8Array, count: number): Uint8Array {
  const end = bytes.at(-1) === 10 ? bytes.byteLength - 1 : bytes.byteLength
  let at = end
  for (let left = count; left > 0 && at >= 0; left--) at = at === 0 ? -1 : bytes.lastIndexOf(10, at - 1)
  return at < 0 ? new Uint8Array() : bytes.subarray(0, count === 0 ? bytes.byteLength : at + 1)
}

/** just-bash leaves out the quotes of texts without a comma. */
const csv =
  '(map(if type == "string" then "\\"" + gsub("\\""; "\\"\\"") + "\\"" elif . == null then "" else tostring end) | join(","))'

/** `-j`, `-f <file>`, `@csv`. */
async function jq(args: string[], context: CommandContext): Promise<Result> {
  const words = [...args]
  const fileAt = words.findIndex((word) => word === '-f' || word === '--from-file')
  if (fileAt !== -1) {
    const [, name = ''] = words.splice(fileAt, 2)
    const path = pathFrom(context, name)
    if (!(await context.fs.exists(path)))
      return failure(`jq: error: Could not open ${name}: No such file or directory`, 2)
    words.splice(fileAt, 0, (await context.fs.readFile(path)).replaceAll(/^\s*#.*$/gm, ''))
  }
  const valued = /^--(arg|argjson|slurpfile|rawfile|indent)$/
  const programAt = words.findIndex((word, index) => {
    const isValue =
      valued.test(words[index - 1] ?? '') || /^--(arg|argjson|slurpfile|rawfile)$/.test(words[index - 2] ?? '')
    return !word.startsWith('-') && !isValue
  })
  const written = words[programAt]
  if (written === undefined) return original(context, words)
  const program = written.replaceAll(/@csv\b(?!\s*")/g, csv).replaceAll(/\\u([0-9a-fA-F]{4})/g, letterOf)
  words[programAt] = program
  const joins = words.some((word, index) => index < programAt && /^-[a-zA-Z]*j|^--join-output$/.test(word))
  if (joins) words[programAt] = `[${program}] | map(if type == "string" then . else tojson end) | join("")`
  const result = await original(
    context,
    joins ? words.map((word, index) => (index < programAt ? withoutJoin(word) : word)) : words,
  )
  if (!joins) return result
  const texts = result.stdout.split('\n').map((line) => (line.startsWith('"') ? String(JSON.parse(line)) : line))
  return { ...result, stdout: texts.join('') }
}

/** just-bash does not know the escape; what stands for itself nowhere in a text stays one. */
const letterOf = (written: string, digits: string) => {
  const code = Number.parseInt(digits, 16)
  return code < 0x20 || code === 0x22 || code === 0x5c ? written : String.fromCharCode(code)
}

/** Each text in its own line and with its quotes, so that it can be told from the next one. */
function withoutJoin(word: string): string {
  return word
    .replace(/^-[a-zA-Z]*[jr][a-zA-Z]*$/, (flags) => `-c${flags.slice(1).replaceAll(/[jr]/g, '')}`)
    .replace(/^--(?:join|raw)-output$/, '-c')
}

/** `-i.bak` keeps what was there; `-s` is each file by itself. */
async function sed(written: string[], context: CommandContext): Promise<Result> {
  const args = withScripts(written)
  const suffixed = args.map((word) => /^(?:-[nEr]*i|--in-place=)(\.?[\w~-][\w.~-]*)$/.exec(word)?.[1])
  const suffix = suffixed.find((value) => value !== undefined)
  const isSeparate = args.some((word) => word === '-s' || word === '--separate')
  const plain = args
    .filter((word) => word !== '-s' && word !== '--separate')
    .map((word) =>
      suffix !== undefined && /^(-[nEr]*i|--in-place=)/.test(word)
        ? word.replace(/^(-[nEr]*i|--in-place).*/, '$1')
        : word,
    )
  if (suffix === undefined && !isSeparate) return original(context, args)
  const names: string[] = []
  for (const word of plain) {
    const path = pathFrom(context, word)
    if (!word.startsWith('-') && (await context.fs.exists(path)) && (await context.fs.stat(path)).isFile)
      names.push(word)
  }
  if (suffix !== undefined) {
    for (const name of names) await context.fs.cp(pathFrom(context, name), pathFrom(context, `${name}${suffix}`))
    return original(context, plain)
  }
  const options = plain.filter((word) => !names.includes(word))
  const all: Result = { stdout: '', stderr: '', exitCode: 0 }
  for (const name of names) {
    const result = await original(context, [...options, name])
    all.stdout += result.stdout
    all.stderr += result.stderr
    all.exitCode ||= result.exitCode
  }
  return all
}

/** The words with each script of theirs as just-bash reads it. */
function withScripts(words: readonly string[]): string[] {
  const isScript = (word: string, index: number) =>
    /^(?:-[nErsiz]*e|--expression)$/.test(words[index - 1] ?? '') && word !== ''
  const isNamed = words.some((word) => /^(?:-[nErsiz]*[ef]|--expression|--file)/.test(word))
  const first = words.findIndex((word) => !word.startsWith('-'))
  return words.map((word, index) => {
    // A script in pieces (`-e '1i\\' -e text`) stays as it is.
    if (isNamed ? isScript(word, index) && !word.endsWith('\\') : index === first) return withTextLines(word)
    const [, start, script] = /^(-[nErsiz]*e|--expression=)(.+)$/s.exec(word) ?? []
    return start !== undefined && script !== undefined && !script.endsWith('\\') ? start + withTextLines(script) : word
  })
}

/** `{}` within a word (`-exec ./{} ;`), and `-execdir`. */
function withFoundNames(args: readonly string[]): string[] {
  const words: string[] = []
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? ''
    const end = /^-exec(?:dir)?$/.test(option) ? args.findIndex((word, index) => index > at && /^[;+]$/.test(word)) : -1
    const command = args.slice(at + 1, Math.max(end, 0))
    const isPlain = option === '-exec' && !command.some((word) => word !== '{}' && word.includes('{}'))
    if (end === -1 || isPlain) words.push(option)
    else {
      const move = option === '-execdir' ? `case $1 in */*) cd "\${1%/*}";; esac; set -- "./\${1##*/}"; ` : ''
      const script = command.map(
        (word) =>
          word
            .split('{}')
            .map((part) => part && quote(part))
            .join('"$1"') || "''",
      )
      words.push('-exec', 'sh', '-c', move + script.join(' '), 'find', '{}', ';')
      at = end
    }
  }
  return words
}

/** With `-I{}` and `-n1` written in one word, `-L <lines>`, `-a <file>`. */
async function xargs(args: string[], context: CommandContext): Promise<Result> {
  const words: string[] = []
  let atOptions = true
  for (const word of args) {
    const attached = /^-([InPLda])(.+)$/.exec(word)
    if (atOptions && attached) words.push(`-${attached[1]}`, attached[2] ?? '')
    else words.push(word)
    if (!word.startsWith('-') && !/^-[InPLda]$/.test(words.at(-2) ?? '')) atOptions = false
  }
  const take = (option: string): string | undefined => {
    const at = words.indexOf(option)
    const command = words.findIndex(
      (word, index) => !word.startsWith('-') && !/^-[InPLdas]$/.test(words[index - 1] ?? ''),
    )
    return at === -1 || (command !== -1 && at > command) ? undefined : words.splice(at, 2)[1]
  }
  const file = take('-a')
  const lines = take('-L')
  if (file === undefined && lines === undefined) return original(context, words)
  const operand = file === undefined ? null : await openOperand(context, file)
  if (file !== undefined && operand?.kind !== 'file')
    return failure(`xargs: Cannot open input file '${file}': No such file or directory`)
  const input = new TextDecoder().decode(operand?.kind === 'file' ? operand.bytes : inputOf(context))
  const run = (stdin: string) =>
    context.exec?.(['xargs', ...words].map(quote).join(' '), { cwd: context.cwd, stdin }) ??
    failure('xargs: not available here')
  if (lines === undefined) return run(input)
  const step = Number(lines)
  if (!(step >= 1)) return failure('xargs: value for -L option should be >= 1')
  const all: Result = { stdout: '', stderr: '', exitCode: 0 }
  const rows = input.split('\n').filter((row) => row.trim() !== '')
  for (let at = 0; at < rows.length; at += step) {
    const result = await run(rows.slice(at, at + step).join('\n'))
    all.stdout += result.stdoutKind === 'bytes' ? new TextDecoder().decode(fromLatin1(result.stdout)) : result.stdout
    all.stderr += result.stderr
    all.exitCode ||= result.exitCode
  }
  return all
}
