import type { FileStat } from '../../../../host'
import type { DescriptorKind } from './descriptors'

const kindBits: Record<FileStat['kind'] | Exclude<DescriptorKind, 'file'>, number> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  device: 0o020000,
  pipe: 0o010000,
}
const blockSize = 4096

/** The eighteen numbers that lib/internal/fs/utils.js makes a `Stats` of. */
export function toStatArray(
  stat: FileStat,
  isBig: boolean,
  kind: DescriptorKind = 'file',
): Float64Array | BigInt64Array {
  const bits = kind === 'file' ? kindBits[stat.kind] : kindBits[kind]
  const times = [stat.atimeMs, stat.mtimeMs, stat.ctimeMs, stat.birthtimeMs].flatMap((ms) => {
    const seconds = Math.floor(ms / 1000)
    return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
  })
  const size = stat.kind === 'directory' ? blockSize : stat.size
  const fields = [
    1,
    bits | stat.mode,
    stat.links,
    stat.uid,
    stat.gid,
    0,
    blockSize,
    stat.ino,
    size,
    Math.ceil(size / 512),
    ...times,
  ]
  return isBig ? BigInt64Array.from(fields, BigInt) : Float64Array.from(fields)
}

export const emptyStatArray = (isBig: boolean) => (isBig ? new BigInt64Array(18) : new Float64Array(18))
