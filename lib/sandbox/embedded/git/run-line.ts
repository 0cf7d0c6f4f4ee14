import { quote } from '../shell/quote'
import type { GitContext } from './context'
import { GitFailure } from './failure'

/** A line of the shell, in the working tree's root; what it writes goes out. */
export async function runLine({ host, repository }: GitContext, line: string): Promise<number> {
  const child = host.spawn(['sh', '-c', line], { cwd: repository().root, env: host.env, stdin: 'inherit' })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}

/** The program that is to change a file for git; undefined when nobody has named one. */
export function findEditor({ host: { env }, config }: GitContext, isSequence = false): string | undefined {
  const named = isSequence ? (env.GIT_SEQUENCE_EDITOR ?? config('sequence.editor')) : undefined
  return named ?? env.GIT_EDITOR ?? config('core.editor') ?? env.VISUAL ?? env.EDITOR
}

/** Has an editor change a file of the repository; `name` is below `.git`. */
export async function edit(context: GitContext, editor: string, name: string): Promise<string> {
  const repository = context.repository()
  const code = await runLine(context, `${editor} ${quote(`${repository.gitdir}/${name}`)}`)
  if (code !== 0) throw new GitFailure(`error: There was a problem with the editor '${editor}'.`, 1)
  return repository.readText(name) ?? ''
}
