/** A rule of `server.proxy`: which requests another server of this sandbox answers. */
export interface ProxyRule {
  matches(path: string): boolean
  target: URL
  rewrite(path: string): string
  headers: [name: string, value: string][]
}

const used = new Set(['target', 'rewrite', 'headers', 'changeOrigin', 'secure', 'xfwd', 'ws'])
type Fields = Partial<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {})

/** The rules in the order of the config; what of them is not done here becomes a warning. */
export function readProxyRules(value: unknown, warnings: string[]): ProxyRule[] {
  return Object.entries(fieldsOf(value)).flatMap(([context, options]): ProxyRule[] => {
    const fields = typeof options === 'string' ? { target: options } : fieldsOf(options)
    const target = targetOf(fields.target)
    if (target === null) {
      warnings.push(`The proxy of “${context}” names no server.`)
      return []
    }
    for (const key of Object.keys(fields)) {
      if (!used.has(key)) warnings.push(`“${key}” of the proxy of “${context}” is not used here.`)
    }
    const { rewrite } = fields
    return [
      {
        matches: context.startsWith('^')
          ? (path) => new RegExp(context).test(path)
          : (path) => path.startsWith(context),
        target,
        rewrite: (path) => (typeof rewrite === 'function' ? String(rewrite(path)) : path),
        headers: Object.entries(fieldsOf(fields.headers)).map(([name, text]) => [name, String(text)]),
      },
    ]
  })
}

function targetOf(value: unknown): URL | null {
  const { protocol = 'http:', host = 'localhost', port = '' } = fieldsOf(value)
  const isParts = typeof value === 'object' && !(value instanceof URL)
  const address = isParts ? `${protocol}//${host}${port === '' ? '' : `:${port}`}` : String(value)
  return URL.canParse(address) ? new URL(address) : null
}
