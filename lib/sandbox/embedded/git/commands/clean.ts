import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { createPathFilter, relativeTo } from '../pathspec'
import { foldUntracked, listUntracked, removeFile } from '../working-tree'

export const clean: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--force': ['-f'], '-d': [], '--dry-run': ['-n'], '-x': [], '-X': [], '--quiet': ['-q'] },
  })
  if (!options.has('--force') && !options.has('--dry-run')) {
    fatal('clean.requireForce defaults to true and neither -n nor -f given; refusing to clean')
  }
  const repository = context.repository()
  const index = readIndex(repository)
  const visible = new Set(listUntracked(repository, index))
  const all =
    options.has('-x') || options.has('-X') ? listUntracked(repository, index, { withIgnored: true }) : [...visible]
  const words = [...options.words, ...(options.paths ?? [])]
  const filter = createPathFilter(repository, context.cwd, words.length > 0 ? words : ['.'])
  const chosen = all.filter((path) => filter(path) && !(options.has('-X') && visible.has(path)))
  const shown = foldUntracked(chosen, index).filter((path) => options.has('-d') || !path.endsWith('/'))
  for (const path of shown) {
    const name = relativeTo(repository, context.cwd, path)
    if (options.has('--dry-run')) context.out(`Would remove ${name}\n`)
    else {
      for (const file of chosen)
        if (file === path || (path.endsWith('/') && file.startsWith(path))) removeFile(repository, file)
      if (!options.has('--quiet')) context.out(`Removing ${name}\n`)
    }
  }
  return 0
}
