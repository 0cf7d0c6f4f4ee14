import { joinPath } from '@/lib/base'
import type { GitCommand } from '../context'
import { parseOptions } from '../options'
import { Repository } from '../repository'

export const init: GitCommand = async ({ args, cwd, host, config, out }) => {
  const options = parseOptions(args, {
    flags: { '--quiet': ['-q'] },
    values: { '--initial-branch': ['-b'] },
  })
  const [folder] = options.words
  const root = folder === undefined ? cwd : `/${joinPath(folder.startsWith('/') ? folder : `${cwd}/${folder}`)}`
  host.fs.mkdir(root, { recursive: true })
  const exists = host.fs.exists(`${root}/.git/HEAD`)
  const repository = new Repository(host.fs, root)
  if (!exists) {
    await repository.init(options.value('--initial-branch') ?? config('init.defaultBranch') ?? 'main')
    repository.writeText('info/exclude', '# Patterns here are ignored like those in .gitignore, but are not shared.\n')
  }
  const what = exists ? 'Reinitialized existing' : 'Initialized empty'
  if (!options.has('--quiet')) out(`${what} Git repository in ${root}/.git/\n`)
  return 0
}
