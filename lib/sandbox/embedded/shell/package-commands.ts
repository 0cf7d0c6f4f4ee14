import type { Bash } from 'just-bash/browser'
import { externalCommands } from '../kernel/programs'
import type { ProcessHost } from '../process/host'

type Script = ReturnType<Bash['transform']>['ast']
type Command = Script['statements'][number]['pipelines'][number]['commands'][number]
type Simple = Extract<Command, { type: 'SimpleCommand' }>

/**
 * Commands of installed packages, as the PATH leads to them: `mocha --bail` becomes `node …/mocha/bin/mocha.js --bail`.
 * Programs of the machine go before packages that bring their own.
 */
export function runPackageCommands(script: Script, host: Pick<ProcessHost, 'env' | 'fs'>): Script {
  return rewrite(script, (command) => {
    const [part, ...others] = command.name?.parts ?? []
    if (part?.type !== 'Literal' || others.length > 0 || externalCommands.includes(part.value)) return command
    const path = findPackageCommand(part.value, host)
    if (path === null) return command
    const word = (value: string) => ({ type: 'Word' as const, parts: [{ type: 'Literal' as const, value }] })
    return { ...command, name: word('node'), args: [word(path), ...command.args] }
  })
}

function findPackageCommand(name: string, { env, fs }: Pick<ProcessHost, 'env' | 'fs'>): string | null {
  if (!/^[\w.@~-]+$/.test(name)) return null
  for (const folder of (env.PATH ?? '').split(':')) {
    const path = `${folder}/${name}`
    if (folder.endsWith('/node_modules/.bin') && fs.exists(path)) return fs.realpath(path)
  }
  return null
}

/** A copy of a syntax tree with its simple commands replaced, wherever they stand. */
function rewrite<Value>(value: Value, replace: (command: Simple) => Simple): Value {
  if (Array.isArray(value)) return value.map((entry) => rewrite(entry, replace)) as Value
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rewrite(entry, replace)]))
  return (copy.type === 'SimpleCommand' ? replace(copy as unknown as Simple) : copy) as Value
}
