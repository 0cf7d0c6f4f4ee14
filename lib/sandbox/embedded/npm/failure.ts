interface Explained {
  name?: string
  version?: string
  location?: string
  dependents?: {
    name?: string
    spec?: string
    type?: string
    from?: { name?: string; version?: string; location?: string }
  }[]
}

interface ResolveFailure extends Error {
  code: 'ERESOLVE'
  edge?: { type?: string; name?: string; spec?: string; from?: { name?: string; version?: string } }
  current?: Explained | null
  currentEdge?: { type?: string; name?: string; spec?: string; from?: { name?: string; version?: string } } | null
  peerConflict?: { peer?: Explained | null; current?: Explained | null } | null
}

/** What went wrong in words, with what can be done; npm's own codes first. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === 'ERESOLVE') return describeConflict(error as ResolveFailure)
  if (code === 'ENETWORK')
    return `code ENETWORK\n${error.message}\nPackages that this tab has installed before can still be installed.`
  if (code === 'E404') return `code E404\n404 Not Found: ${error.message}`
  return code === null ? error.message : `code ${code}\n${error.message}`
}

function describeConflict({ edge, current, currentEdge, peerConflict }: ResolveFailure): string {
  const lines = ['code ERESOLVE', 'unable to resolve dependency tree', '']
  const found = current ?? peerConflict?.current
  if (found?.name) {
    lines.push(`Found: ${found.name}@${found.version ?? '?'}`)
    for (const dependent of (found.dependents ?? []).slice(0, 3)) {
      const { type, name = found.name, spec = '*', from } = dependent
      lines.push(`  ${type === 'peer' ? 'peer ' : ''}${name}@"${spec}" from ${labelOf(from)}`)
    }
  } else if (currentEdge?.name) {
    lines.push(`Found: ${currentEdge.name}@"${currentEdge.spec}" from ${labelOf(currentEdge.from)}`)
  }
  if (edge?.name) {
    lines.push('', 'Could not resolve dependency:')
    lines.push(`${edge.type === 'peer' ? 'peer ' : ''}${edge.name}@"${edge.spec}" from ${labelOf(edge.from)}`)
  }
  lines.push('', 'Fix the upstream dependency conflict, or retry with --force or --legacy-peer-deps')
  lines.push('to accept an incorrect (and potentially broken) dependency resolution.')
  return lines.join('\n')
}

function labelOf(from: { name?: string; version?: string } | undefined): string {
  return from?.name ? `${from.name}@${from.version ?? '?'}` : 'the root project'
}
