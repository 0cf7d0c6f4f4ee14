/**
 * Commands that only look. A command is known to be safe when every argument is understood;
 * an option that could write a file or start a program makes it unknown, not dangerous.
 */
export function isReadOnly(argv: readonly string[]): boolean {
  const [name = '', ...args] = argv
  if (plainReaders.has(name)) return true
  if (isVersionQuestion(name, args)) return true
  return readersWithConditions.get(name)?.(args) ?? false
}

const plainReaders = new Set(
  (
    'basename cat cd cmp comm cut diff dirname du df echo expr false fold grep head id jq ls md5sum nl numfmt paste printenv ' +
    'pwd readlink realpath rev seq sha1sum sha256sum stat tac tail test [ tr true type uname wc which whoami'
  ).split(' '),
)

const readersWithConditions = new Map<string, (args: readonly string[]) => boolean>(
  Object.entries({
    base64: (args: readonly string[]) => !args.some((arg) => /^(?:-[a-z]*o|--output)/.test(arg)),
    date: (args: readonly string[]) => args.every((arg) => arg.startsWith('+') || arg === '-u' || arg === '-I'),
    find: (args: readonly string[]) =>
      !args.some((arg) => /^-(?:exec|execdir|ok|okdir|delete|fls|fprint|fprint0|fprintf)$/.test(arg)),
    git: isReadOnlyGit,
    printf: (args: readonly string[]) => args[0] !== '-v',
    rg: (args: readonly string[]) =>
      !args.some((arg) => /^--(?:pre|hostname-bin|search-zip)(?:=|$)/.test(arg) || /^-[a-zA-Z]*z/.test(arg)),
    sed: (args: readonly string[]) =>
      args.length >= 2 &&
      args.length <= 3 &&
      args[0] === '-n' &&
      /^\d+(?:,\d+)?p$/.test(args[1] ?? '') &&
      !args[2]?.startsWith('-'),
    sort: (args: readonly string[]) => !args.some((arg) => /^(?:-[a-zA-Z]*[oST]|--(?:o|compress|te))/.test(arg)),
    tree: (args: readonly string[]) => !args.some((arg) => /^(?:-[a-zA-Z]*o|--output)/.test(arg)),
    // A second operand is an output file.
    uniq: (args: readonly string[]) => args.filter((arg) => arg === '-' || !arg.startsWith('-')).length <= 1,
  }),
)

const gitReaders = new Set(['status', 'log', 'diff', 'show', 'ls-files', 'rev-parse'])
/** Long options may be shortened. */
const gitWritingOption = /^--(?:out|ext|textc|exe|open)/

/** Options before the sub-command can redirect git to another repository, configuration or program. */
function isReadOnlyGit(args: readonly string[]): boolean {
  const [command = '', ...rest] = args
  if (rest.some((arg) => gitWritingOption.test(arg))) return false
  if (gitReaders.has(command)) return true
  return (
    command === 'branch' &&
    rest.every((arg) => /^(?:--show-current|--list|-l|-a|--all|-r|--remotes|-v|-vv|--verbose)$/.test(arg))
  )
}

/** It only looks, whatever its options. */
export function isPlainReader(name: string): boolean {
  return plainReaders.has(name)
}

function isVersionQuestion(name: string, args: readonly string[]): boolean {
  return (
    /^(?:node|npm|npx|tsc|python3?|git|deno|bun)$/.test(name) &&
    args.length === 1 &&
    /^(?:--version|-v|-V)$/.test(args[0] ?? '')
  )
}
