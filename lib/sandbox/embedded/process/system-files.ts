import { encodeUtf8 } from '@/lib/base'
import { commandNames } from '../kernel/programs'
import type { FileRecord, PackageRecord } from '../protocol'

/** The first line of a command's file: what runs is the machine's program of this name, wherever the file is copied. */
const programLine = '#!/usr/lib/vitrine/program '
const devices = ['null', 'zero', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'tty']

/** What a Linux has before anybody writes to it: its commands as files, the folders where programs look, the devices. */
export function systemFiles(): (FileRecord | PackageRecord)[] {
  const { data, index } = commandFiles()
  return [
    // Unpacked only when somebody looks.
    { kind: 'package', path: '/usr/bin', data, index, mtimeMs: 0 },
    { kind: 'symlink', path: '/bin', target: 'usr/bin', mtimeMs: 0, mode: 0o777 },
    { kind: 'directory', path: '/usr/local/bin', mtimeMs: 0, mode: 0o755 },
    ...devices.map((name): FileRecord => {
      return { kind: 'file', path: `/dev/${name}`, data: new Uint8Array(), mtimeMs: 0, mode: 0o666 }
    }),
  ]
}

/** The program of the machine that a file stands for, by its first line. */
export function programOf(firstLine: string): string | null {
  const name = firstLine.startsWith(programLine) ? firstLine.slice(programLine.length) : ''
  return commandNames.includes(name) ? name : null
}

function commandFiles(): { data: Uint8Array; index: string } {
  const texts = commandNames.map((name) => `${programLine}${name}\n`)
  let offset = 0
  const lines = texts.map((text, at) => {
    offset += text.length
    return `${offset - text.length} ${text.length} x ${commandNames[at]}`
  })
  return { data: encodeUtf8(texts.join('')), index: lines.join('\n') }
}
