import { messageOf } from '@/lib/base'
import type { ProcessHost, Program } from '../process/host'
import { add, mv, rm } from './commands/add'
import { blame } from './commands/blame'
import { branch, tag } from './commands/branch'
import { checkout, restore, switchBranch } from './commands/checkout'
import { clean } from './commands/clean'
import { commit } from './commands/commit'
import { config } from './commands/config'
import { diff } from './commands/diff'
import { init } from './commands/init'
import { log, reflog, show } from './commands/log'
import { cherryPick, merge, rebase, revert } from './commands/merge'
import { catFile, checkIgnore, lsFiles, mergeBase, revParse } from './commands/plumbing'
import { reset } from './commands/reset'
import { stash } from './commands/stash'
import { status } from './commands/status'
import { createContext, type GitCommand } from './context'
import { GitFailure } from './failure'
import { type ConfigEntry, readConfig } from './git-config'
import { Repository } from './repository'

const commands: Record<string, GitCommand> = {
  add,
  blame,
  branch,
  'cat-file': catFile,
  'check-ignore': checkIgnore,
  checkout,
  'cherry-pick': cherryPick,
  clean,
  commit,
  config,
  diff,
  init,
  log,
  'ls-files': lsFiles,
  merge,
  'merge-base': mergeBase,
  mv,
  rebase,
  reflog,
  reset,
  restore,
  'rev-parse': revParse,
  revert,
  rm,
  show,
  stage: add,
  stash,
  status,
  switch: switchBranch,
  tag,
}

const needsNetwork = new Set(['clone', 'fetch', 'pull', 'push', 'ls-remote', 'submodule'])

/** `git`, on the files of the machine. The objects are real git's, so that the folder works anywhere else. */
export const git: Program = async (host) => {
  const line = readLine(host)
  const [name, ...args] = line.words
  const tell = (text: string) => host.stderr(`${text}\n`)
  if (name === '--version' || name === 'version' || name === '-v') {
    host.stdout('git version 2.39.0 (Vitrine, on isomorphic-git 1.44.17)\n')
    return 0
  }
  if (name === undefined || name === 'help' || name === '--help') {
    host.stdout(usage())
    return name === undefined ? 1 : 0
  }
  if (needsNetwork.has(name)) {
    tell(
      `git ${name} needs a network, and the sandbox has none. To take the commits along: tar czf repository.tgz .git, then download that file.`,
    )
    return 128
  }
  if (name === 'remote') return remote(host, args)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    tell(`git: '${name}' is not a git command here. See 'git help'.`)
    return 1
  }
  try {
    const repository = name === 'init' ? null : findRepository(host, line.cwd)
    const configEntries = readConfig(host, repository, line.overrides)
    return await command(createContext({ host, args, cwd: line.cwd, configEntries }))
  } catch (error) {
    if (error instanceof GitFailure) {
      tell(error.message)
      return error.exitCode
    }
    tell(`fatal: ${messageOf(error)}`)
    return 128
  }
}

/** Options before the command: `-C <folder>`, `-c <key>=<value>`, `--no-pager`. */
function readLine(host: ProcessHost): { cwd: string; overrides: ConfigEntry[]; words: string[] } {
  const words = host.argv.slice(1)
  const overrides: ConfigEntry[] = []
  let { cwd } = host
  while (words[0]?.startsWith('-')) {
    if (words[0] === '-C') {
      const [, folder = '.'] = words.splice(0, 2)
      cwd = folder.startsWith('/') ? folder : `${cwd}/${folder}`.replace(/\/\.$/, '')
    } else if (words[0] === '-c') {
      const [, setting = ''] = words.splice(0, 2)
      const [key = '', ...value] = setting.split('=')
      overrides.push({ key, value: value.join('=') || 'true' })
    } else if (words[0] === '--no-pager' || words[0] === '-P') words.shift()
    else break
  }
  return { cwd, overrides, words }
}

function findRepository(host: ProcessHost, cwd: string): Repository | null {
  try {
    return Repository.find(host.fs, cwd)
  } catch (error) {
    // The command itself says that there is none, if it needs one.
    if (error instanceof GitFailure) return null
    throw error
  }
}

function remote(host: ProcessHost, args: readonly string[]): number {
  if (args.length === 0 || (args[0] === '-v' && args.length === 1)) return 0
  host.stderr('Remotes need a network, and the sandbox has none.\n')
  return 128
}

function usage(): string {
  const names = Object.keys(commands).sort()
  return `usage: git [-C <path>] [-c <name>=<value>] <command> [<args>]\n\nCommands here:\n   ${names.join(', ')}\n\nclone, fetch, pull and push need a network, which the sandbox does not have.\n`
}
