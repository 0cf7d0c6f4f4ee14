import type { ToolPart } from '@/lib/agent'

/** A call in two parts for its card: what it does and to what. `Read src/x.ts` reads `Read` and the exact place. */
export function headlineOf({ state, title, detail }: Pick<ToolPart, 'state' | 'title' | 'detail'>): {
  verb: string
  target: string
} {
  const firstLine = detail.split('\n', 1)[0] ?? ''
  if (state === 'waiting') return { verb: title, target: firstLine }
  const space = title.indexOf(' ')
  const verb = space === -1 ? title : title.slice(0, space)
  const rest = space === -1 ? '' : title.slice(space + 1)
  if (rest === '' || detail.includes(rest)) return { verb, target: firstLine }
  return { verb, target: firstLine === '' ? rest : `${rest} · ${firstLine}` }
}
