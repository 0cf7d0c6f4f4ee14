import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { plugin } from './bundle.mjs'

type Library = Pick<typeof import('just-bash/browser'), 'Bash'>

let library: Library
let folder: string

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { Bash } from 'just-bash/browser'", resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'error',
    plugins: [plugin],
  })
  folder = await mkdtemp(join(tmpdir(), 'vitrine-shell-'))
  const file = join(folder, 'library.mjs')
  await writeFile(file, outputFiles[0]?.contents ?? '')
  library = await import(/* @vite-ignore */ pathToFileURL(file).href)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(['echo $((1 + $;))', 'let "x=1+$"', 'v="$"; echo $((1 + v))', `echo \${x:|&-$;(}`, 'echo $(( $#'])(
  'a $ that begins nothing ends the arithmetic of %s with an error',
  async (script) => {
    expect((await new library.Bash().exec(script)).stderr).toMatch(/syntax error.*"[^"]*\$/)
  },
)

it('joins the parts of an operand', async () => {
  expect((await new library.Bash().exec(`x=3; echo $((1$x)) $((\${x}1))`)).stdout).toBe('13 31\n')
})
