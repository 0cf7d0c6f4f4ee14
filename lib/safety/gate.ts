import { gateNetwork } from './gate-network'
import type { CommandEffect, Effect, GateVerdict, PolicyMode, WriteEffect } from './policy'
import { createPathGuard, isSecretFile, leavesProject, namesToolFolder } from './protected-paths'
import { commandSafety, isAllowedByRules, onlyReadsByCode, pathsMentioned, pathsTouched } from './shell/command-safety'
import { isTestPath, maxDeletedUnasked } from './shell/dangerous'
import { filesMeant } from './shell/file-patterns'
import { dangerInScripts, type ReadScript } from './shell/scripts-run'

export interface GateOptions {
  mode: PolicyMode
  /** Command prefixes the user allowed for this project, e.g. `npm test`. */
  allowedRules?: readonly string[]
  /** Patterns in place of `defaultProtectedPaths`. */
  protectedPaths?: readonly string[]
  /** Text of project files, so that what a script says is judged like what is typed. Without it scripts are not looked into. */
  readScript?: ReadScript
  /** What patterns may stand for: the paths of the project's files. Without it they stand for themselves alone. */
  projectPaths?: () => Iterable<string>
  /** The `packageToRun` of a command, where that is installed at the project's root. */
  installed?: string | undefined
  /** Text that nobody here wrote is in the context: what might reach out and cannot be seen asks, whatever was allowed. */
  isTainted?: boolean
  /** What the user allowed for good since then; for what leaves the tab. */
  allowedKnowingly?: readonly string[]
}

const allow: GateVerdict = { verdict: 'allow' }

/**
 * The one gate in front of every side effect of the agent. It judges what would happen, never who asks or why:
 * no text in the project, the conversation or a tool output can change its answer.
 */
export function gateEffect(effect: Effect, options: GateOptions): GateVerdict {
  if (effect.kind === 'network') return gateNetwork(effect, options)
  return effect.kind === 'command' ? gateCommand(effect, options) : gateWrite(effect, options)
}

/** Whether a command is of those that read and print, whatever they are given: once or twice makes no difference. */
export function onlyLooks({ command, input }: CommandEffect): boolean {
  return commandSafety(command, { isFed: input !== undefined }).level === 'safe'
}

function gateCommand({ command, cwd = '', input }: CommandEffect, options: GateOptions): GateVerdict {
  const { mode, allowedRules = [], protectedPaths, projectPaths } = options
  const isFolder = (folder: string) => [...(projectPaths?.() ?? [])].some((path) => path.startsWith(`${folder}/`))
  // In a folder below, another package's commands may be meant.
  const installed = cwd === '' ? options.installed : undefined
  const safety = commandSafety(command, { isFed: input !== undefined, cwd, isFolder, installed })
  const named = pathsTouched(command, cwd)
  const guard = createPathGuard(protectedPaths)
  const guarded = () => [...(projectPaths?.() ?? [])].filter((path) => isSecretFile(path) || guard(path) !== null)
  const meant = named ? filesMeant(named, guarded, { dots: command.includes('dotglob') }) : guarded()
  const secret = meant.find(isSecretFile)
  const shows = secret === undefined ? null : `Reads “${secret}”, which usually holds secrets.`
  if (safety.level === 'safe' && shows === null) return allow
  const why = safety.level === 'safe' ? shows : safety.reason
  if (mode === 'read-only') {
    return { verdict: 'deny', reason: `The policy is read-only: only commands that just look may run. ${why}` }
  }
  if (safety.level === 'dangerous') return { verdict: 'ask', reason: safety.reason, rule: null }
  const said = input === undefined ? command : `${command}\n${input}`
  const reason =
    (onlyReadsByCode(command) ? null : commandPathReason(named && [...named, ...meant], protectedPaths)) ??
    shows ??
    outsideReason(said) ??
    scriptReason(command, cwd, options)
  if (reason) return { verdict: 'ask', reason, rule: null }
  if (safety.level === 'safe' || mode === 'auto' || isAllowedByRules(command, allowedRules, { installed })) return allow
  return { verdict: 'ask', reason: safety.reason, rule: safety.rule }
}

function gateWrite(effect: WriteEffect, { mode, protectedPaths }: GateOptions): GateVerdict {
  const outside = effect.paths.find(leavesProject)
  if (outside !== undefined) return { verdict: 'deny', reason: `“${outside}” is outside the project.` }
  if (mode === 'read-only') return { verdict: 'deny', reason: 'The policy is read-only: files cannot be changed.' }
  const { deletes = [] } = effect
  const test = deletes.find(isTestPath)
  const reason =
    protectedReason(effect.paths, protectedPaths) ??
    (test && `Deletes tests (${test}), which are what proves the work.`) ??
    (deletes.length > maxDeletedUnasked ? `Deletes ${deletes.length} files at once.` : null)
  return reason ? { verdict: 'ask', reason, rule: null } : allow
}

function protectedReason(paths: readonly string[], patterns?: readonly string[]): string | null {
  const guard = createPathGuard(patterns)
  // Programs of installed packages live in `node_modules/.bin`; starting one is not touching settings.
  const path = paths.find((candidate) => guard(candidate.replace(/(^|\/)node_modules\/\.bin\//, '$1')) !== null)
  return path === undefined ? null : `Touches “${path}”: it decides what may run, holds secrets or belongs to tools.`
}

/** A folder of tools is protected as a whole: what copies, moves or links it touches all that is in it. */
function commandPathReason(paths: readonly string[] | null, patterns?: readonly string[]): string | null {
  if (paths === null) return 'It changes its folder so often that nobody can tell which files it touches.'
  const folders = paths.filter(namesToolFolder).map((path) => `${path.replace(/[\\/]+$/, '')}/any`)
  return protectedReason(paths, patterns) ?? protectedReason(folders, patterns)
}

/** What a script does counts as if it had been typed; one that nobody here can read counts once foreign text is about. */
function scriptReason(command: string, cwd: string, { readScript, isTainted }: GateOptions): string | null {
  const hidden = readScript ? dangerInScripts(command, { cwd, read: readScript }) : null
  if (hidden === null) return null
  if (hidden.danger !== 'unseen') return `“${hidden.script}” reaches out: ${hidden.danger.reason}`
  return isTainted ? `What “${hidden.script}” does cannot be seen from here; it may install or reach out.` : null
}

/** Code passed inline can try to reach out; the sandbox would refuse, but a person should see the attempt. */
const outsidePath =
  /^(?:\/(?!dev\/null$|tmp(?:\/|$)|bin\/|usr\/bin\/)[\w.-]+|~\/|(?:\.\/+)*\.\.\/|[^\s:]*\/\.\.(?:\/|$))/

function outsideReason(command: string): string | null {
  const address = /\b(?:https?|wss?|ftp):\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/\s"'`]|$))[^\s"'`)]+/i.exec(
    command,
  )?.[0]
  if (address) return `Mentions an outside address (${address}); the sandbox has no network.`
  const outside = pathsMentioned(command).find((path) => outsidePath.test(path) && leavesProject(path))
  return outside ? `Reaches outside the project (${outside}).` : null
}
