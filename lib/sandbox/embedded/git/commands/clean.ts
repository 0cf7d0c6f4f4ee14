import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { createPathFilter, relativeTo } from '../pathspec'
import { comparePaths } from '../repository'
import { foldUntracked, listUntracked, removeFile, trackedPaths } from '../working-tree'

export const clean: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--force': ['-f'], '-d': [], '--dry-run': ['-n'], '-x': [], '-X': [], '--quiet': ['-q'] },
    values: { '--exclude': ['-e'] },
  })
  if (!options.has('--force') && !options.has('--dry-run')) {
    fatal('clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean')
  }
  if (options.has('-x') && options.has('-X')) fatal('options -x and -X cannot be used together')
  const repository = context.repository()
  const index = readIndex(repository)
  const found = listUntracked(repository, index, {
    withIgnored: true,
    patterns: options.all('--exclude'),
    patternsOnly: options.has('-x'),
  })
  const [candidates, spared] = options.has('-X') ? [found.ignored, found.visible] : [found.visible, found.ignored]
  const words = [...options.words, ...(options.paths ?? [])]
  const matches = createPathFilter(repository, context.cwd, words.length > 0 ? words : ['.'])
  const isRepository = (path: string) => path.endsWith('/')
  const isChosen = (path: string) => matches(path) && !(isRepository(path) && options.all('--force').length < 2)
  const chosen = candidates.filter(isChosen)
  const tracked = trackedPaths(index)
  const kept = [...tracked, ...spared, ...candidates.filter((path) => !isChosen(path))]
  const emptyFolders = options.has('-d') && !options.has('-X') ? found.emptyFolders.filter(matches) : []
  const isInKnownFolder = (path: string) => !foldUntracked([path], tracked)[0]?.endsWith('/')
  const shown = foldUntracked([...chosen, ...emptyFolders], kept).filter(
    (path) => options.has('-d') || (!path.endsWith('/') && (options.has('-X') || isInKnownFolder(path))),
  )
  const isDry = options.has('--dry-run')
  const show = (path: string) => relativeTo(repository, context.cwd, path)
  const skipped = options.has('-d')
    ? candidates.filter((path) => isRepository(path) && matches(path) && !isChosen(path))
    : []
  for (const path of skipped.filter((path) => foldUntracked([path], tracked)[0] !== path))
    context.out(`${isDry ? 'Would skip' : 'Skipping'} repository ${show(path.slice(0, -1))}\n`)
  for (const path of shown.sort(comparePaths)) {
    if (!isDry && path.endsWith('/')) repository.fs.rm(`${repository.root}/${path.slice(0, -1)}`, { recursive: true })
    else if (!isDry) removeFile(repository, path)
    if (isDry || !options.has('--quiet')) context.out(`${isDry ? 'Would remove' : 'Removing'} ${show(path)}\n`)
  }
  return 0
}
