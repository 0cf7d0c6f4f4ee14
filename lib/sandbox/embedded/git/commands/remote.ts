import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { renameSection } from '../git-config'
import { parseOptions } from '../options'
import { defaultRemote, openRemote, remoteUrls } from '../remotes'
import { addRemote, setConfig } from '../upstream'
import { fetch } from './fetch'

/** Remotes are remembered, for whoever takes the repository along; those in the sandbox can be reached too. */
export const remote: GitCommand = async (context) => {
  const [first = '', ...rest] = context.args
  const { words, has } = parseOptions(rest, { flags: { '-f': ['--fetch'], '--prune': ['-p'] } })
  const [name = '', value = ''] = words
  if (/^(?:add|set-url|rename)$/.test(first) && value === '')
    throw new GitFailure(`usage: git remote ${first} <name> <${first === 'rename' ? 'new' : 'url'}>`, 129)
  const urls = remoteUrls(context)
  const repository = () => context.repository()
  const known = () => urls.get(name) ?? fail(`No such remote '${name}'`, 2)
  switch (first) {
    case '':
    case 'show':
      if (name !== '') return showRemote(context, name)
      context.out([...urls.keys()].map((key) => `${key}\n`).join(''))
      return 0
    case '-v':
    case '--verbose':
      context.out([...urls].map(([key, url]) => `${key}\t${url} (fetch)\n${key}\t${url} (push)\n`).join(''))
      return 0
    case 'add':
      if (urls.has(name)) fail(`remote ${name} already exists.`, 3)
      addRemote(repository(), name, value)
      return has('-f')
        ? fetch({ ...context, args: [name], configEntries: [...context.configEntries, entryOf(name, value)] })
        : 0
    case 'get-url':
      context.out(`${known()}\n`)
      return 0
    case 'set-url':
      known()
      setConfig(repository(), `remote.${name}.url`, value)
      return 0
    case 'remove':
    case 'rm':
      known()
      await forgetRemote(context, name)
      return 0
    case 'rename': {
      const url = known()
      if (urls.has(value)) fail(`remote ${value} already exists.`, 3)
      for (const branch of await repository().remoteBranches(name)) {
        const oid = await repository().ref(`refs/remotes/${name}/${branch}`)
        if (oid !== null && branch !== 'HEAD') await repository().writeRef(`refs/remotes/${value}/${branch}`, oid)
      }
      await forgetRemote(context, name)
      addRemote(repository(), value, url)
      return 0
    }
    case 'update':
      return fetch({ ...context, args: name === '' ? ['--all'] : [name] })
    case 'prune':
      known()
      return fetch({ ...context, args: ['--prune', '--quiet', name] })
    default:
      throw new GitFailure(`error: unknown subcommand: \`${first}'`, 129)
  }
}

const entryOf = (name: string, url: string) => ({ key: `remote.${name}.url`, value: url })

async function forgetRemote(context: GitContext, name: string): Promise<void> {
  const repository = context.repository()
  const changed = renameSection(repository.readText('config') ?? '', `remote.${name}`, null)
  if (changed !== null) repository.writeText('config', changed)
  repository.remove(`refs/remotes/${name}`)
}

async function showRemote(context: GitContext, name: string): Promise<number> {
  const { url, repository } = openRemote(context, name)
  const branches = await repository.branches()
  const head = repository.branch() ?? '(unknown)'
  const known = new Set(await context.repository().remoteBranches(name))
  const width = Math.max(0, ...branches.map((branch) => branch.length))
  const rows = branches.map(
    (branch) =>
      `    ${branch.padEnd(width)} ${known.has(branch) ? 'tracked' : `new (next fetch will store in remotes/${name})`}\n`,
  )
  context.out(
    `* remote ${name}\n  Fetch URL: ${url}\n  Push  URL: ${url}\n  HEAD branch: ${head}\n  Remote branch${branches.length === 1 ? '' : 'es'}:\n${rows.join('')}`,
  )
  return 0
}

/** `git ls-remote`: the refs of another repository. */
export const listRemote: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--heads': ['-h', '--branches'], '--tags': ['-t'], '--quiet': ['-q'], '--exit-code': [] },
  })
  const [name, ...patterns] = options.words
  const wanted = name ?? defaultRemote(context) ?? fatal('No remote configured to list refs from.')
  const { repository, url } = openRemote(context, wanted)
  if (name === undefined && !options.has('--quiet')) context.err(`From ${url}\n`)
  const heads = (await repository.branches()).map((branch) => `refs/heads/${branch}`)
  const tags = (await repository.tags()).map((tag) => `refs/tags/${tag}`)
  const isChosen = options.has('--heads') || options.has('--tags')
  const names = [
    ...(isChosen ? [] : ['HEAD']),
    ...(!isChosen || options.has('--heads') ? heads : []),
    ...(!isChosen || options.has('--tags') ? tags : []),
  ].filter((ref) => patterns.length === 0 || patterns.some((pattern) => ref === pattern || ref.endsWith(`/${pattern}`)))
  let count = 0
  for (const ref of names) {
    const oid = await repository.ref(ref)
    if (oid === null) continue
    context.out(`${oid}\t${ref}\n`)
    count += 1
  }
  return options.has('--exit-code') && count === 0 ? 2 : 0
}
