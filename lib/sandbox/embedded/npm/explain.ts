/** Why a package is there, as npm's library tells it of a node. */
export interface Explained {
  name?: string
  version?: string
  location?: string
  isWorkspace?: boolean
  whileInstalling?: { name?: string; version?: string }
  dependents?: ExplainedEdge[]
  linksIn?: Explained[]
  dev?: boolean
  optional?: boolean
  peer?: boolean
  extraneous?: boolean
}

export interface ExplainedEdge {
  type?: string
  name?: string
  spec?: string
  rawSpec?: string
  overridden?: boolean
  from?: Explained
}

/** `a@1.0.0`, where it stands, and below who wants it, `depth` levels of them. */
export function explainPackage(node: Explained, depth = Number.POSITIVE_INFINITY): string[] {
  const kinds = (['dev', 'optional', 'peer', 'extraneous'] as const).filter((kind) => node[kind])
  return [[labelOf(node), ...kinds].join(' '), ...placeOf(node, depth)]
}

export function explainEdge(edge: ExplainedEdge, depth = Number.POSITIVE_INFINITY): string[] {
  const { type = 'prod', name, spec, rawSpec, overridden, from } = edge
  const kinds = [overridden && 'overridden', type !== 'prod' && type !== 'workspace' && type].filter(Boolean)
  const was = overridden ? ` (was "${rawSpec}")` : ''
  const label =
    type === 'workspace' && from?.location ? `${name}@${spec?.replace(/^file:/, '')}` : `${name}@"${spec}"${was}`
  return [[...kinds, label, 'from', labelOf(from)].join(' '), ...(from?.name ? placeOf(from, depth - 1) : [])]
}

function placeOf({ location, dependents = [], linksIn = [] }: Explained, depth: number): string[] {
  const shown = dependents.slice(0, Math.max(1, Math.ceil(depth / 2)))
  const more = dependents.slice(shown.length)
  const names = more.map(({ from }) => from?.name ?? 'the root project')
  return [
    ...(location ? [location] : []),
    ...(depth > 0 ? shown.flatMap((edge) => explainEdge(edge, depth - 1)).map((line) => `  ${line}`) : []),
    ...(depth > 0 && more.length > 0
      ? [`  ${more.length} more (${names.slice(0, 5).join(', ')}${more.length > 5 ? ', ...' : ''})`]
      : []),
    ...linksIn.flatMap((link) => explainPackage(link, depth - 1)).map((line) => `  ${line}`),
  ]
}

export function labelOf(node: Explained | undefined): string {
  return node?.name ? `${node.name}@${node.version ?? '?'}` : 'the root project'
}
