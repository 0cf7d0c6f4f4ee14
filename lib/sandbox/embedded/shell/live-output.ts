import { externalCommands } from '../kernel/programs'
import { readsInput } from './input-readers'
import { codeName, leaveName, programName, wordsName } from './path-commands'
import { inputMark, mergeMark, redirectedName, stageMark } from './pipeline-marks'
import {
  type Command,
  group,
  literal,
  literalOf,
  nameOf,
  type Pipeline,
  pipelineOf,
  type Script,
  type Simple,
  type Statement,
  simple,
  statement,
  statementOf,
  type Word,
} from './syntax'

/**
 * just-bash collects all output until a script ends. To show it as it happens, each statement whose output nobody
 * captures is rewritten: our own programs become their streaming twin (`live:node`), everything else is put in a group
 * that appends to two files which are the process's streams (see `shell-fs.ts`). A group is no subshell, so `cd`,
 * variables, `exit` and `set -e` work as written.
 */
export const livePrefix = 'live:'
export const liveFiles = { stdout: '/dev/vitrine/stdout', stderr: '/dev/vitrine/stderr' } as const

export interface LiveOptions {
  /** Keeps the text of a statement that ends in `&`; `live:background` gets the number. */
  background(text: string): number
  /** False where the script looks at the exit codes inside a pipeline. */
  streamsPipelines: boolean
  /** Standard input is still to come: what reads it gets it as it comes. */
  awaitsInput: boolean
}

export function makeLive(script: Script, options: LiveOptions): Script {
  return { ...script, statements: createLiveStatements(options)(script.statements) }
}

function createLiveStatements({ background, streamsPipelines, awaitsInput }: LiveOptions) {
  return liveStatements

  function liveStatements(statements: Statement[]): Statement[] {
    return statements.map((written) => {
      if (written.deferredError) return written
      if (written.background) {
        const text = written.sourceText?.replace(/&\s*$/, '').trim()
        if (!text) return written
        return statement(simple(`${livePrefix}background`, [literal(String(background(text)))]))
      }
      return { ...written, pipelines: written.pipelines.map(livePipeline) }
    })
  }

  function livePipeline(pipeline: Pipeline): Pipeline {
    const [command, ...others] = pipeline.commands
    if (!command || pipeline.timed) return captured(pipeline)
    if (others.length === 0 && silent.includes(nameOf(command) ?? '')) return pipeline
    const isFed = awaitsInput && command.type === 'SimpleCommand' && readsInput(command)
    if (others.length > 0 || isFed) return (streamsPipelines && streamed(pipeline, isFed)) || captured(pipeline)
    const live = liveCommand(command)
    return live ? { ...pipeline, commands: [live] } : captured(pipeline)
  }

  /** The command with its output going out by itself; null when its output has to be caught from outside. */
  function liveCommand(command: Command): Command | null {
    if (command.type === 'FunctionDef') return command
    if (command.redirections.length > 0) return command.type === 'SimpleCommand' ? redirected(command) : null
    switch (command.type) {
      case 'SimpleCommand': {
        const name = command.name && literalOf(command.name)
        if (name === 'exec') return command
        if (!name || !isProgram(name)) return null
        return { ...command, name: literal(livePrefix + name) }
      }
      case 'Group':
        return withLiveWords(command) ?? { ...command, body: liveStatements(command.body) }
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
}

/** They say nothing, and a group around them would hide from `set -e` that they stand before an `&&`. */
const silent = [':', codeName, leaveName]

/** The pipeline as one command that runs its stages as streams; null when it begins with nothing that streams. */
function streamed(pipeline: Pipeline, isFed: boolean): Pipeline | null {
  const words: Word[] = []
  let redirections: Simple['redirections'] = []
  for (const [index, command] of pipeline.commands.entries()) {
    if (command.type !== 'SimpleCommand' || !command.name || command.assignments.length > 0) return null
    const name = literalOf(command.name)
    if (name === null || (index === 0 && !isFed && name !== 'yes' && !isProgram(name))) return null
    const isLast = index === pipeline.commands.length - 1
    const merges = command.redirections.filter(isMerge)
    const others = command.redirections.filter((redirection) => !isMerge(redirection))
    if (others.length > 0 && !(isLast && others.every(isOutputFile) && merges.length === 0)) return null
    redirections = others
    if (index > 0) words.push(literal(stageMark))
    else if (isFed) words.push(literal(inputMark))
    if (merges.length > 0 || pipeline.pipeStderr?.[index]) words.push(literal(mergeMark))
    words.push(command.name, ...command.args)
  }
  const isCaught = redirections.length > 0
  const one = simple(`${isCaught ? '' : livePrefix}pipeline`, words, redirections)
  const result: Pipeline = { ...pipeline, commands: [one] }
  delete result.pipeStderr
  return isCaught ? captured(result) : result
}

const isProgram = (name: string) =>
  name === programName || name === 'timeout' || name === 'make' || (name !== 'kill' && externalCommands.includes(name))

/** What is run is known later; if it is a program, its output then goes out by itself. */
function withLiveWords({ body }: Extract<Command, { type: 'Group' }>): Command | null {
  const [words, run] = body
  const question = words?.pipelines[0]?.commands[0]
  if (question?.type !== 'SimpleCommand' || !question.name || literalOf(question.name) !== wordsName || !run)
    return null
  // With files to write to it is no stream.
  const isLive = run.pipelines[0]?.commands[0]?.redirections?.length === 0
  const name = isLive ? literal(livePrefix + wordsName) : question.name
  return caught([statement({ ...question, name }), run])
}

/** A program whose output goes to files: they get it as it comes. */
function redirected({ name, args, assignments, redirections }: Simple): Command | null {
  const text = name && literalOf(name)
  if (!name || !text || !isProgram(text)) return null
  const words: Word[] = []
  for (const redirection of redirections) {
    const { fd, operator, target } = redirection
    if (target.type !== 'Word' || redirection.fdVariable !== undefined) return null
    const isDuplicate = operator === '>&' && /^[12]$/.test(literalOf(target) ?? '')
    if (!isDuplicate && !/^(>|>>|>\||&>|&>>)$/.test(operator)) return null
    if (fd !== null && fd !== undefined && fd !== 1 && fd !== 2) return null
    const path = isDuplicate ? target : asOneWord(target)
    if (!path) return null
    words.push(literal(`${fd ?? 1}${operator}`), path)
  }
  const command = simple(livePrefix + redirectedName, [...words, literal(stageMark), name, ...args])
  return { ...command, assignments }
}

/** The word with its variables in quotes; null when it may be several. */
function asOneWord({ parts }: Word): Word | null {
  const known = ['Literal', 'SingleQuoted', 'DoubleQuoted', 'Escaped', 'ParameterExpansion']
  if (!parts.every(({ type }) => known.includes(type))) return null
  return {
    type: 'Word',
    parts: parts.map((part) => (part.type === 'ParameterExpansion' ? { type: 'DoubleQuoted', parts: [part] } : part)),
  }
}

type Redirection = Simple['redirections'][number]

function isMerge({ fd, operator, target }: Redirection): boolean {
  return fd === 2 && operator === '>&' && target.type === 'Word' && literalOf(target) === '1'
}

function isOutputFile({ fd, operator }: Redirection): boolean {
  return (fd === null || fd === undefined || fd === 1) && (operator === '>' || operator === '>>')
}

const captured = (pipeline: Pipeline): Pipeline => pipelineOf(caught([statementOf(pipeline)]))

/** A group whose output goes to the live files. */
function caught(body: Statement[]): Command {
  const append = (fd: number, path: string) => ({
    type: 'Redirection' as const,
    fd,
    operator: '>>' as const,
    target: literal(path),
  })
  return group(body, [append(1, liveFiles.stdout), append(2, liveFiles.stderr)])
}
