import { decodeUtf8 } from '@/lib/base'
import type { ProcessHost } from '../process/host'
import { quote } from './quote'

/** Where `$0` and `$BASH_SOURCE` are looked up in a script that is a file. */
export const scriptVariable = 'VITRINE_SCRIPT'

/** The text that `sh -c <line>`, `bash [-eux] <file> …` or `sh` with a script as its input is to run. */
export function readScript({ argv, cwd, fs }: Pick<ProcessHost, 'argv' | 'cwd' | 'fs'>): Script {
  const [name = 'sh', flag = '', line] = argv
  if (/^-[a-z]*c$/.test(flag) && line !== undefined && argv.length === 3) return { text: line, isFile: false }
  const words = argv.slice(1)
  const flags = words.slice(
    0,
    words.findIndex((word) => !/^-[euxvnf]+$/.test(word)),
  )
  const [file, ...args] = words.slice(flags.length)
  if (file === undefined || file.startsWith('-')) return { text: argv.map(quote).join(' '), isFile: false }
  const path = file.startsWith('/') ? file : `${cwd}/${file}`
  if (!fs.exists(path)) return { problem: `${name}: ${file}: No such file or directory`, exitCode: 127 }
  if (fs.stat(path).kind === 'directory') return { problem: `${name}: ${file}: Is a directory`, exitCode: 126 }
  const text = decodeUtf8(fs.readFile(path))
  if (text === null) return { problem: `${name}: ${file}: cannot execute binary file`, exitCode: 126 }
  const set = [`set -- ${args.map(quote).join(' ')}; `, ...flags.map((word) => `set ${word}; `)].join('')
  // On the script's own first line, so that its lines keep their numbers.
  return { text: `${scriptVariable}=${quote(file)}; ${set}${text.replace(/^#!.*/, '')}`, isFile: true }
}

type Script = { text: string; isFile: boolean } | { problem: string; exitCode: number }
