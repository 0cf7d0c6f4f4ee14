import type { ViteContext } from '../context'

/** The scripts of a page's modules, in order: files by address and inline ones as text. */
export function scriptsOf(html: string): { src: string | null; text: string }[] {
  const scripts = html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)
  return [...scripts].flatMap(([, attributes = '', text = '']) => {
    if (!/\btype\s*=\s*["']?module\b/i.test(attributes)) return []
    const [, , src = null] = /\bsrc\s*=\s*(["']?)([^"'\s>]+)\1/i.exec(attributes) ?? []
    return [{ src, text: src === null ? text : '' }]
  })
}

/** `%VITE_NAME%` in a page. */
export function replaceEnv(html: string, env: Readonly<Record<string, unknown>>): string {
  return html.replace(/%(\w+)%/g, (whole, name: string) => (name in env ? String(env[name]) : whole))
}

/** A page as the development server gives it: with the client for hot updates, which come after `since`, and what `define` says. */
export function toDevHtml(html: string, { config }: ViteContext, since: number): string {
  const runtimes = [
    config.frameworks.includes('react') ? 'import "/@react-refresh";' : '',
    config.frameworks.includes('preact') ? 'import "/@prefresh";' : '',
  ]
  const defines = Object.entries(config.define).filter(
    ([name]) => /^[\w$]+(\.[\w$]+)*$/.test(name) && !name.startsWith('import.'),
  )
  const assignments = [`globalThis.__viteSince=${since}`, ...defines.map(([name, value]) => assignment(name, value))]
  const defined = `<script>${assignments.join(';')}</script>`
  const client = `${defined}<script type="module">import "/@vite/client";${runtimes.join('')}</script>`
  const shown = replaceEnv(html, config.env)
  return /<head\b[^>]*>/i.test(shown) ? shown.replace(/<head\b[^>]*>/i, (head) => `${head}\n${client}`) : client + shown
}

/** `a.b.c = value`, making what is on the way. */
function assignment(name: string, value: string): string {
  const parts = name.split('.')
  const steps = parts.slice(0, -1).map((_, depth) => `globalThis.${parts.slice(0, depth + 1).join('.')} ??= {}`)
  return [...steps, `globalThis.${name} = (${value.replaceAll('</', '<\\/')})`].join(';')
}
