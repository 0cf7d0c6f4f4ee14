import { gzipSync } from 'node:zlib'

export interface TarEntry {
  path: string
  text?: string
  /** `0` for a file, as tar has it. */
  type?: string
  linkTo?: string
  mode?: number
}

/** A tarball with just these entries, so that tests can write what no packer would. */
export function writeTarball(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap((entry) => blocksOf(entry))
  return new Uint8Array(gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])))
}

function blocksOf({ path, text = '', type = '0', linkTo = '', mode = 0o644 }: TarEntry): Buffer[] {
  const data = Buffer.from(text)
  const header = Buffer.alloc(512)
  header.write(path.slice(0, 100), 0)
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
  header.write(`${data.byteLength.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(linkTo, 157)
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, data, Buffer.alloc((512 - (data.byteLength % 512)) % 512)]
}
