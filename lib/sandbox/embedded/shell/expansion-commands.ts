import type { MachineHost } from '../process/machine-host'
import { type CommandContext, type Commands, type Execute, pathFrom, success } from './command'
import { livePrefix } from './live-output'
import { foldersName, isProgram, programName, wordsName, wordsVariable } from './path-commands'
import { quote } from './quote'

/** What `package-commands.ts` rewrites expansions to. */
export function createExpansionCommands(host: MachineHost): Commands {
  const words =
    (prefix: string): Execute =>
    async (args, context) => {
      const [name = ''] = args
      const line = args.map(quote).join(' ')
      const run = isProgram(host, name, context) ? `${prefix}${programName} ${line}` : line
      await context.assignShellVariable?.(wordsVariable, run)
      return success()
    }
  return {
    [wordsName]: words(''),
    [livePrefix + wordsName]: words(livePrefix),
    [foldersName]: listFolders,
  }
}

const listFolders: Execute = async (args, context) => {
  const folders: string[] = []
  for (const word of args) if (await isFolder(context, word)) folders.push(`${word.replace(/\/$/, '')}/\n`)
  // A pattern that nothing fits stands for itself.
  const isPattern = args.some((word) => word.includes('*'))
  return success(folders.length === 0 && isPattern ? `${args[0]}\n` : folders.join(''))
}

async function isFolder({ fs, ...context }: CommandContext, word: string): Promise<boolean> {
  const path = pathFrom({ fs, ...context }, word)
  return (await fs.exists(path)) && (await fs.stat(path)).isDirectory
}
