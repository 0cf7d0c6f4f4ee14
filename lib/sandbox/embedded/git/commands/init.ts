import { joinPath } from '@/lib/base'
import type { GitCommand } from '../context'
import { parseOptions } from '../options'
import { Repository } from '../repository'

export const init: GitCommand = async ({ args, cwd, host, config, out }) => {
  const options = parseOptions(args, {
    flags: { '--quiet': ['-q'], '--bare': [] },
    values: { '--initial-branch': ['-b'] },
  })
  const [folder] = options.words
  const root = folder === undefined ? cwd : `/${joinPath(folder.startsWith('/') ? folder : `${cwd}/${folder}`)}`
  host.fs.mkdir(root, { recursive: true })
  const isBare = options.has('--bare')
  const repository = new Repository(host.fs, root, isBare ? root : undefined)
  const exists = host.fs.exists(`${repository.gitdir}/HEAD`)
  if (!exists) {
    const branch = options.value('--initial-branch') ?? config('init.defaultBranch') ?? 'main'
    await repository.create({ branch, isBare })
  }
  const what = exists ? 'Reinitialized existing' : 'Initialized empty'
  if (!options.has('--quiet')) out(`${what} Git repository in ${repository.gitdir}/\n`)
  return 0
}
