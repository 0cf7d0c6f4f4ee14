import { checkPrompt, type Effect, isSecretFile } from '@/lib/safety'
import { outsideSource } from './outside-text'

const maxName = 80
const maxWord = 200

export interface ToolOutcome {
  tool: string
  /** What the call was for people: a command, a path. */
  detail: string
  effect: Effect | null
  output: string
}

/**
 * Where a tool's output comes from when it is not from this project: installed packages, the registry, other computers;
 * or what in it gives orders, wherever it comes from. Null when nothing is known against it.
 */
export function foreignSource({ tool, detail, effect, output }: ToolOutcome): string | null {
  const command = effect?.kind === 'command' ? [effect.command, effect.input].join('\n').trim() : ''
  const cwd = effect?.kind === 'command' ? `${effect.cwd ?? ''}/` : ''
  if (registryCommand.test(command)) return `output of “${name(command)}”, which comes from the registry`
  if (outsideCommand.test(command)) return `output of “${name(command)}”, which comes from another server`
  if (namesPackages(command) || [command, cwd, detail, output].some((text) => packagePath.test(text))) {
    return `text of installed packages, in ${tool === 'shell' ? `the output of “${name(command)}”` : name(detail)}`
  }
  const outside = outsideSource(output)
  if (outside !== null) return `text of “${name(outside)}”`
  if (isSecretFile(detail)) return null
  return checkPrompt(output).tainted ? `text that gives orders, in ${describe(tool, detail)}` : null
}

const registryCommand =
  /(?:^|[\s;&|(])(?:npm|npx|pnpm|yarn|bunx?|pip3?|uv)\s[^|;&\n]{0,300}\b(?:view|info|show|search|outdated|audit|install|add|ci|create|init|exec|dlx|update|explain|i)\b/
const outsideCommand = /\b(?:curl|wget)\b|\bgit\s+(?:clone|fetch|pull|ls-remote)\b/
const packagePath = /(?:^|[\s/'"=(])(?:node_modules|site-packages|\.venv)\//
const packageFolder = /\s(?:\.\/)?(?:node_modules|site-packages|\.venv)(?=[\s;&|)]|$)/g

/** The folder itself, as in `cd node_modules`; behind an option it is mostly what is left out. */
function namesPackages(command: string): boolean {
  const wordsBefore = [...command.matchAll(packageFolder)].map(({ index }) =>
    command
      .slice(Math.max(0, index - maxWord), index)
      .trimEnd()
      .split(/\s/)
      .at(-1),
  )
  return wordsBefore.some((word) => word !== undefined && !/^[-!]/.test(word))
}

function describe(tool: string, detail: string): string {
  return tool === 'shell' ? `the output of “${name(detail)}”` : name(detail) || `what ${tool} gave`
}

function name(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > maxName ? `${line.slice(0, maxName)}…` : line
}
