import type { Bash } from 'just-bash/browser'
import type { CommandContext } from './command'
import { quote } from './quote'

type Script = ReturnType<Bash['transform']>['ast']

/** The functions a shell has been told, as they were written: what runs beside it needs them too. */
export interface Functions {
  learn(script: Script): void
  /** All of them as a script. */
  text(): string
  /** `export -f`: shells below know the function too. */
  share(name: string): void
  sharedText(): string
  /** What a job must be told of functions and variables that are not exported, as far as its line speaks of them. */
  preludeOf(line: string, context: Pick<CommandContext, 'env' | 'exportedEnv'>): string
}

export function createFunctions(): Functions {
  const sources = new Map<string, string>()
  const shared = new Set<string>()

  function learn(value: unknown): void {
    if (Array.isArray(value)) for (const entry of value) learn(entry)
    else if (typeof value === 'object' && value !== null) {
      if ('pipelines' in value) note(value as Script['statements'][number])
      for (const entry of Object.values(value)) learn(entry)
    }
  }

  function note({ pipelines, sourceText }: Script['statements'][number]): void {
    const command = pipelines.length === 1 ? pipelines[0]?.commands[0] : undefined
    if (command?.type === 'FunctionDef' && sourceText) sources.set(command.name, sourceText)
  }

  const text = () => [...sources.values()].map((source) => `${source}\n`).join('')
  return {
    learn: (script) => learn(script.statements),
    text,
    share: (name) => void shared.add(name),
    sharedText: () => [...shared].map((name) => `${sources.get(name) ?? ''}\n`).join(''),
    preludeOf(line, { env, exportedEnv = {} }) {
      const isMentioned = (name: string) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(line)
      const functions = [...sources.keys()].some(isMentioned) ? text() : ''
      const names = new Set(`${functions}${line}`.match(/(?<=\$\{?[!#]?)[A-Za-z_]\w*/g))
      const variables = [...names].flatMap((name) => {
        const value = Object.hasOwn(exportedEnv, name) ? undefined : env.get(name)
        return value === undefined ? [] : [`${name}=${quote(value)}\n`]
      })
      return variables.join('') + functions
    },
  }
}
