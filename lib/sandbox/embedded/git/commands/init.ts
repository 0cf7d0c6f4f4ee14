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
    // Names differ by case here and links are links, so the folder is to say so where it is taken.
    repository.writeText(
      'config',
      '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n',
    )
    repository.writeText('info/exclude', '# Patterns here are ignored like those in .gitignore, but are not shared.\n')
  }
  const what = exists ? 'Reinitialized existing' : 'Initialized empty'
  if (!options.has('--quiet')) out(`${what} Git repository in ${root}/.git/\n`)
  return 0
}
