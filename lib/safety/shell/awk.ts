import type { Word } from './parse-shell'

const valued = /^-[Fv]$|^--(?:field-separator|assign)$/
/** `cmd | getline`, `system(cmd)`, `print | cmd`, where strings are left out. */
const starts = /\|&?\s*getline\b|\bsystem\s*\(|\bprintf?\b[^;}\n]*(?<!\|)\|(?!\|)/

/** Whether an awk program may start commands of its own: by what it says, or since it is not on the line. */
export function awkStartsCommands(args: readonly Word[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const { text = '', dynamic = false } = args[at] ?? {}
    if (text === '--') return mayStart(args[at + 1])
    if (!text.startsWith('-') || text === '-') return dynamic || mayStart(args[at])
    if (valued.test(text)) at++
    // Programs of files, libraries and options, whose text is elsewhere.
    else if (
      !/^(?:-[Fv].|--(?:field-separator|assign)=|--(?:help|version|csv|re-interval|posix|traditional)$)/.test(text)
    )
      return true
  }
  return false
}

function mayStart(program: Word | undefined): boolean {
  return program !== undefined && (program.dynamic || starts.test(program.text.replace(/"(?:[^"\\]|\\.)*"/gs, '""')))
}
