import { dirname, resolve } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'

interface Tailwind {
  compile(css: string, options: object): Promise<{ build(candidates: string[]): string }>
}

/** `@import "tailwindcss"` and what goes with it (version 4). */
export function usesTailwind(css: string): boolean {
  return /@import\s+(?:url\()?["']tailwindcss|@tailwind\s+utilities|@apply\b|@theme\b|@reference\b/.test(css)
}

/** Version 4 is compiled here; before, Tailwind is a plugin of PostCSS. */
export function hasTailwind({ project, runner }: ViteContext): boolean {
  if (runner.find('tailwindcss') === null) return false
  const text = project.find(`${project.root}/node_modules/tailwindcss/package.json`)
  return text === null || Number.parseInt((JSON.parse(text) as { version?: string }).version ?? '', 10) >= 4
}

const contentPattern = /\.(?:html|[cm]?[jt]sx?|vue|svelte|md|mdx)$/

/** Tailwind's own compiler from the project's packages; its scanner is native, so the candidates are found here. */
export async function compileTailwind(css: string, path: string, context: ViteContext): Promise<string> {
  const { project, resolver, runner, packagesKey } = context
  if (runner.find('tailwindcss') === null) throw new Error('Tailwind needs the package “tailwindcss”; run npm install.')
  const bundled = await runner.bundle(['tailwindcss'], `tailwind-${packagesKey}`)
  const { compile } = Object.values(bundled)[0] as unknown as Tailwind
  const findFile = (id: string, base: string) => {
    if (id.startsWith('.') || id.startsWith('/')) return resolve(base, id)
    const name = id === 'tailwindcss' ? 'tailwindcss/index.css' : id
    const found = resolver.resolve(name, `${base}/x.css`)
    return found.kind === 'file' ? found.path : resolve(base, id)
  }
  const compiled = await compile(css, {
    base: dirname(path),
    from: path,
    loadStylesheet: async (id: string, base: string) => {
      const file = findFile(id, base)
      if (!project.isFile(file)) throw new Error(`${path} imports “${id}”, which is not installed.`)
      return { path: file, base: dirname(file), content: project.readText(file) }
    },
    loadModule: async (id: string) => {
      throw new Error(
        `${path}: the Tailwind plugin or config “${id}” is not run here; say it in CSS (@theme, @utility).`,
      )
    },
  })
  return compiled.build([...findCandidates(context)])
}

/** Words that may be classes; the compiler drops those that are none. */
function findCandidates({ project }: ViteContext): Set<string> {
  const found = new Set<string>()
  for (const file of project.walk(project.root)) {
    if (!contentPattern.test(file) || file.includes('/dist/')) continue
    for (const word of project.readText(file).split(/[\s"'`<>{}=;,]+|\\n/)) {
      if (word.length > 0 && word.length < 200) found.add(word)
    }
  }
  return found
}
