import type { Bash } from 'just-bash/browser'
import { externalCommands } from '../kernel/programs'

/**
 * just-bash collects all output until a script ends. To show it as it happens, each statement whose output nobody
 * captures is rewritten: our own programs become their streaming twin (`live:node`), everything else is put in a group
 * that appends to two files which are the process's streams (see `shell-fs.ts`). A group is no subshell, so `cd`,
 * variables, `exit` and `set -e` work as written.
 */
export const livePrefix = 'live:'
export const liveFiles = { stdout: '/dev/vitrine/stdout', stderr: '/dev/vitrine/stderr' } as const

type Script = ReturnType<Bash['transform']>['ast']
type Statement = Script['statements'][number]
type Pipeline = Statement['pipelines'][number]
type Command = Pipeline['commands'][number]
type Word = NonNullable<Extract<Command, { type: 'SimpleCommand' }>['name']>

export function makeLive(script: Script): Script {
  return { ...script, statements: liveStatements(script.statements) }
}

function liveStatements(statements: Statement[]): Statement[] {
  return statements.map((statement) => {
    if (statement.background || statement.deferredError) return statement
    return { ...statement, pipelines: statement.pipelines.map(livePipeline) }
  })
}

function livePipeline(pipeline: Pipeline): Pipeline {
  const [command, ...others] = pipeline.commands
  if (!command || others.length > 0 || pipeline.timed) return captured(pipeline)
  const live = liveCommand(command)
  return live ? { ...pipeline, commands: [live] } : captured(pipeline)
}

/** The command with its output going out by itself; null when its output has to be caught from outside. */
function liveCommand(command: Command): Command | null {
  if (command.type === 'FunctionDef') return command
  if (command.redirections.length > 0) return null
  switch (command.type) {
    case 'SimpleCommand': {
      const name = command.name && literalOf(command.name)
      if (name === 'exec') return command
      if (!name || !externalCommands.includes(name)) return null
      return { ...command, name: literal(livePrefix + name) }
    }
    case 'Group':
    case 'Subshell':
    case 'For':
    case 'CStyleFor':
      return { ...command, body: liveStatements(command.body) }
    case 'While':
    case 'Until':
      return { ...command, condition: liveStatements(command.condition), body: liveStatements(command.body) }
    case 'If':
      return {
        ...command,
        clauses: command.clauses.map(({ condition, body }) => ({
          condition: liveStatements(condition),
          body: liveStatements(body),
        })),
        elseBody: command.elseBody && liveStatements(command.elseBody),
      }
    case 'Case':
      return { ...command, items: command.items.map((item) => ({ ...item, body: liveStatements(item.body) })) }
    default:
      return null
  }
}

/** The pipeline in a group whose output goes to the live files. */
function captured(pipeline: Pipeline): Pipeline {
  const append = (fd: number, path: string) => ({
    type: 'Redirection' as const,
    fd,
    operator: '>>' as const,
    target: literal(path),
  })
  const group: Command = {
    type: 'Group',
    body: [{ type: 'Statement', pipelines: [pipeline], operators: [], background: false }],
    redirections: [append(1, liveFiles.stdout), append(2, liveFiles.stderr)],
  }
  return { type: 'Pipeline', commands: [group], negated: false }
}

function literal(value: string): Word {
  return { type: 'Word', parts: [{ type: 'Literal', value }] }
}

function literalOf(word: Word): string | null {
  const [part, ...others] = word.parts
  return part?.type === 'Literal' && others.length === 0 ? part.value : null
}
