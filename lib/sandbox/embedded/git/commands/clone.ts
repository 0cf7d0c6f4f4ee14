import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { appendReflog } from '../reflog'
import { assertLocal, copyObjects, openPlace, pathOf } from '../remotes'
import { Repository } from '../repository'
import { resetFiles } from '../switch-files'
import { addRemote, follow } from '../upstream'

/** A repository of the sandbox once more, in a folder of its own. */
export const clone: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--quiet': ['-q'],
      '--bare': [],
      '--no-checkout': ['-n'],
      '--single-branch': [],
      '--no-tags': [],
      '--local': ['-l'],
      '--no-hardlinks': [],
      '--recurse-submodules': ['--recursive'],
    },
    values: { '--branch': ['-b'], '--origin': ['-o'], '--depth': [] },
  })
  const { host, cwd } = context
  const [url, given] = options.words
  if (url === undefined) fatal('You must specify a repository to clone.')
  assertLocal(url)
  if (!host.fs.exists(pathOf(url, cwd)) && !host.fs.exists(`${pathOf(url, cwd)}.git`))
    fatal(`repository '${url}' does not exist`)
  const source = openPlace(context, url, cwd)
  const isBare = options.has('--bare')
  const name = url
    .replace(/\/+$/, '')
    .replace(/\/?\.git$/, '')
    .replace(/^.*\//, '')
  const folder = given ?? (isBare ? `${name}.git` : name)
  const root = pathOf(folder, cwd)
  if (host.fs.exists(root) && host.fs.readdir(root).length > 0)
    fatal(`destination path '${folder}' already exists and is not an empty directory.`)
  if (!options.has('--quiet')) context.err(`Cloning into ${isBare ? 'bare repository ' : ''}'${folder}'...\n`)
  const branch = options.value('--branch') ?? source.branch() ?? 'main'
  const oid = await source.ref(`refs/heads/${branch}`)
  if (oid === null && options.has('--branch'))
    fatal(`Remote branch ${branch} not found in upstream ${options.value('--origin') ?? 'origin'}`)
  host.fs.mkdir(root, { recursive: true })
  const made = new Repository(host.fs, root, isBare ? root : undefined)
  await made.create({ branch, isBare })
  copyObjects(source, made)
  const origin = options.value('--origin') ?? 'origin'
  const heads = isBare ? 'refs/heads' : `refs/remotes/${origin}`
  for (const each of await source.branches())
    await made.writeRef(`${heads}/${each}`, (await source.ref(`refs/heads/${each}`)) ?? '')
  for (const tag of await source.tags())
    await made.writeRef(`refs/tags/${tag}`, (await source.ref(`refs/tags/${tag}`)) ?? '')
  addRemote(made, origin, pathOf(url, cwd))
  if (!isBare) {
    if (oid === null) context.err('warning: You appear to have cloned an empty repository.\n')
    else {
      const message = `clone: from ${pathOf(url, cwd)}`
      made.writeText(`refs/remotes/${origin}/HEAD`, `ref: refs/remotes/${origin}/${branch}\n`)
      await made.writeRef(`refs/heads/${branch}`, oid)
      appendReflog(made, ['HEAD', `refs/heads/${branch}`], {
        before: null,
        after: oid,
        message,
        identity: context.identity('committer'),
      })
      if (!options.has('--no-checkout')) await resetFiles(made, readIndex(made), await made.files(oid))
    }
    follow(made, branch, { remote: origin, branch })
  }
  if (!options.has('--quiet')) context.err('done.\n')
  return 0
}
