import { messageOf } from '@/lib/base'
import type { ProcessHost, Program } from '../process/host'
import { add, mv, rm } from './commands/add'
import { am } from './commands/am'
import { apply } from './commands/apply'
import { bisect } from './commands/bisect'
import { blame } from './commands/blame'
import { branch, tag } from './commands/branch'
import { checkIgnore } from './commands/check-ignore'
import { checkout, restore, switchBranch } from './commands/checkout'
import { cherry } from './commands/cherry'
import { clean } from './commands/clean'
import { clone } from './commands/clone'
import { commit } from './commands/commit'
import { config } from './commands/config'
import { diff } from './commands/diff'
import { fetch } from './commands/fetch'
import { formatPatch } from './commands/format-patch'
import { grep } from './commands/grep'
import { init } from './commands/init'
import { log, reflog, show } from './commands/log'
import { merge } from './commands/merge'
import { catFile, lsFiles, mergeBase, revParse } from './commands/plumbing'
import { pull } from './commands/pull'
import { push } from './commands/push'
import { rebase } from './commands/rebase'
import { describe, forEachRef, showRef, symbolicRef } from './commands/refs'
import { listRemote, remote } from './commands/remote'
import { reset } from './commands/reset'
import { stash } from './commands/stash'
import { status } from './commands/status'
import { cherryPick, revert } from './commands/transplant'
import { hashObject, lsTree, revList, shortlog } from './commands/trees'
import { createContext, type GitCommand } from './context'
import { fatal, GitFailure } from './failure'
import { type ConfigEntry, readConfig } from './git-config'
import { Repository } from './repository'
import { gitVersion } from './version'

const commands: Record<string, GitCommand> = {
  add,
  am,
  apply,
  bisect,
  blame,
  branch,
  'cat-file': catFile,
  'check-ignore': checkIgnore,
  checkout,
  cherry,
  'cherry-pick': cherryPick,
  clean,
  clone,
  commit,
  config,
  describe,
  diff,
  fetch,
  'for-each-ref': forEachRef,
  'format-patch': formatPatch,
  grep,
  'hash-object': hashObject,
  init,
  log,
  'ls-files': lsFiles,
  'ls-remote': listRemote,
  'ls-tree': lsTree,
  merge,
  'merge-base': mergeBase,
  mv,
  pull,
  push,
  rebase,
  reflog,
  remote,
  reset,
  restore,
  'rev-list': revList,
  'rev-parse': revParse,
  revert,
  rm,
  shortlog,
  show,
  'show-ref': showRef,
  stage: add,
  stash,
  status,
  switch: switchBranch,
  'symbolic-ref': symbolicRef,
  tag,
}

/** What is missing, with what does the same. */
const absent: Record<string, string> = {
  submodule:
    'Submodules are not available here: git clone ../other vendor/other makes a repository of its own in a folder.',
  worktree:
    'A second working tree is not available here: cp -r the project into another folder, .git with it, and switch there.',
  'filter-branch': 'git filter-branch is not available here; git rebase -i --root is.',
  'range-diff':
    'git range-diff is not available here: git cherry -v <base> says which commits the other branch has, git diff <old> <new> what the two differ in.',
  'send-email': 'The sandbox has no network: git format-patch writes the mails, send them from elsewhere.',
  notes: 'git notes are not available here.',
  archive: 'git archive is not available here: git ls-files -z | xargs -0 tar czf project.tgz.',
  bundle: 'git bundle is not available here: tar czf repository.tgz .git takes the repository along.',
}

/** Looks after the store of objects, which here needs no care. */
const upkeep = new Set(['gc', 'prune', 'maintenance', 'repack', 'pack-refs'])

const unquote = (word: string) => word.replace(/^(['"])(.*)\1$/, '$2')

/** `git`, on the files of the machine. The objects are real git's, so that the folder works anywhere else. */
export const git: Program = (host) => run(host, readLine(host), [])

/** `aliases`: those that led here. */
async function run(host: ProcessHost, line: Line, aliases: readonly string[]): Promise<number> {
  const [name, ...args] = line.words
  const tell = (text: string) => host.stderr(`${text}\n`)
  if (name === '--version' || name === 'version' || name === '-v') {
    host.stdout(`git version ${gitVersion} (Vitrine, on isomorphic-git 1.44.17)\n`)
    return 0
  }
  if (name === undefined || name === 'help' || name === '--help') {
    host.stdout(usage())
    return name === undefined ? 1 : 0
  }
  try {
    const repository = name === 'init' || name === 'clone' ? null : findRepository(host, line.cwd)
    const configEntries = readConfig(host, repository, line.overrides)
    if (upkeep.has(name)) return 0
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command) {
      const alias = configEntries.findLast(({ key }) => key === `alias.${name.toLowerCase()}`)?.value
      if (alias !== undefined && !alias.startsWith('!')) {
        if (aliases.includes(name)) fatal(`alias loop detected: expansion of '${aliases[0]}' does not terminate`)
        const words = (alias.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map(unquote)
        return await run(host, { ...line, words: [...words, ...args] }, [...aliases, name])
      }
      tell(
        Object.hasOwn(absent, name)
          ? `error: ${absent[name]}`
          : `git: '${name}' is not a git command here. See 'git help'.`,
      )
      return 1
    }
    return await command(createContext({ host, args, cwd: line.cwd, configEntries }))
  } catch (error) {
    if (error instanceof GitFailure) {
      if (error.message !== '') tell(error.message)
      return error.exitCode
    }
    tell(`fatal: ${messageOf(error)}`)
    return 128
  }
}

interface Line {
  cwd: string
  overrides: ConfigEntry[]
  words: string[]
}

/** Options before the command: `-C <folder>`, `-c <key>=<value>`, `--no-pager`. */
function readLine(host: ProcessHost): Line {
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

function usage(): string {
  const names = Object.keys(commands).sort()
  return `usage: git [-C <path>] [-c <name>=<value>] <command> [<args>]\n\nCommands here:\n   ${names.join(', ')}\n\nclone, fetch, pull and push know the repositories of the sandbox; there is no network here.\n`
}
