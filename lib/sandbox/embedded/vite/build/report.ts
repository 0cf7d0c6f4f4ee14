import { relative } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'

/** The list of what was written, with sizes as they are and as they travel. */
export async function reportSizes(
  output: ReadonlyMap<string, Uint8Array>,
  { host, project, config }: ViteContext,
): Promise<void> {
  const folder = `${relative(project.root, config.outDir)}/`
  const rows = await Promise.all(
    [...output].map(async ([name, bytes]) => ({ name, size: bytes.byteLength, gzip: await gzipSize(bytes, name) })),
  )
  const order = (name: string) => ['.html', '.svg', '.css', '.js'].findIndex((end) => name.endsWith(end))
  rows.sort((a, b) => order(a.name) - order(b.name) || a.size - b.size)
  const width = Math.max(...rows.map(({ name }) => name.length))
  for (const { name, size, gzip } of rows) {
    const color = name.endsWith('.css') ? 35 : name.endsWith('.js') ? 36 : 32
    const compressed = gzip === null ? '' : `\x1b[90m │ gzip: ${kilobytes(gzip).padStart(9)}\x1b[0m`
    host.stdout(
      `\x1b[90m${folder}\x1b[${color}m${name.padEnd(width)}\x1b[0m  ${kilobytes(size).padStart(10)}${compressed}\n`,
    )
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} kB`
}

async function gzipSize(bytes: Uint8Array, name: string): Promise<number | null> {
  if (!/\.(?:html|js|css|json|svg|txt|map)$/.test(name)) return null
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip'))
  return (await new Response(stream).arrayBuffer()).byteLength
}
