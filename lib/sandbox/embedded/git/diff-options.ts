import type { Options } from '../options'
import type { GitContext } from './context'
import { createPaint } from './paint'
import type { PatchOptions } from './patch-text'

/** What `diff`, `log` and `show` share. */
export const diffFlags = {
  '-p': ['--patch', '-u'],
  '--no-patch': ['-s'],
  '--shortstat': [],
  '--numstat': [],
  '--name-only': [],
  '--name-status': [],
  '--summary': [],
  '--no-color': [],
  '--no-renames': [],
  '-M': ['--find-renames'],
  '--no-ext-diff': [],
  '--no-prefix': [],
  '-w': ['--ignore-all-space'],
  '-b': ['--ignore-space-change'],
} as const
export const diffValues = { '-U': ['--unified'], '--stat-width': [], '--diff-filter': [] } as const

/** The form that the options ask for; with several, the last kind that git would show. */
export function patchOptionsOf(context: GitContext, options: Options, otherwise: PatchOptions['format']): PatchOptions {
  const simple = (['shortstat', 'numstat', 'name-only', 'name-status', 'summary'] as const).find((name) =>
    options.has(`--${name}`),
  )
  const hasStat = options.has('--stat')
  const hasPatch = options.has('-p') || options.has('-U')
  const format = options.has('--no-patch')
    ? 'none'
    : (simple ?? (hasStat ? (hasPatch ? 'patch-with-stat' : 'stat') : hasPatch ? 'patch' : otherwise))
  const color = options.has('--no-color') ? 'never' : (options.value('--color') ?? 'auto')
  const paint = color === 'auto' ? context.paint : createPaint(color !== 'never')
  return {
    format,
    context: Number(options.value('-U') ?? 3),
    width: context.width,
    paint,
    ...(options.has('--no-prefix') && { prefixes: ['', ''] }),
    ...(options.has('-w') ? { blanks: 'ignored' } : options.has('-b') && { blanks: 'alike' }),
  }
}
