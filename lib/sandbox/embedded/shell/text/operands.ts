import { type CommandContext, inputOf, pathFrom } from '../command'

/** What a word names: a file (`-` is the input, `<(…)` a file too), a folder with its entries, or nothing. */
export type Operand =
  | { kind: 'file'; name: string; bytes: Uint8Array; modifiedAt: Date }
  | { kind: 'directory'; name: string; entries: string[] }

export async function openOperand(context: CommandContext, name: string): Promise<Operand | null> {
  if (name === '-') return { kind: 'file', name, bytes: inputOf(context), modifiedAt: new Date() }
  const path = pathFrom(context, name)
  if (path === '/dev/null') return { kind: 'file', name, bytes: new Uint8Array(), modifiedAt: new Date(0) }
  if (!(await context.fs.exists(path))) return null
  const { isDirectory, mtime } = await context.fs.stat(path)
  if (isDirectory) return { kind: 'directory', name, entries: [...(await context.fs.readdir(path))].sort() }
  return { kind: 'file', name, bytes: await context.fs.readFileBuffer(path), modifiedAt: mtime }
}
