import { machineTarget } from '@/lib/registry/machine-target'
import { type Explained, type ExplainedEdge, explainEdge, explainPackage, labelOf } from './explain'

/** What of npm's errors and warnings is told; each kind has some of it. */
interface Details {
  code?: unknown
  message?: unknown
  pkgid?: string
  /** EBADENGINE's warnings name the package so. */
  package?: string
  required?: Record<string, unknown>
  current?: Record<string, unknown>
}

interface Conflict {
  edge?: ExplainedEdge
  current?: Explained | null
  currentEdge?: ExplainedEdge | null
  peerConflict?: { peer?: Explained | null; current?: Explained | null } | null
}

/** How far the reasons of a conflict are followed. */
const conflictDepth = 4

/** What went wrong in words, with what can be done; npm's own codes first. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const body = code === null ? error.message : describe(code, error)
  return code === null ? body : `code ${code}\n${body}`
}

function describe(code: string, error: Error & Details): string {
  const { message, pkgid = 'a package', required, current } = error
  switch (code) {
    case 'ERESOLVE':
      return [
        `ERESOLVE ${message}`,
        '',
        ...describeConflict(error as Conflict),
        '',
        'Fix the upstream dependency conflict, or retry this command with --force or --legacy-peer-deps',
        'to accept an incorrect (and potentially broken) dependency resolution.',
      ].join('\n')
    case 'ENETWORK':
      return `${message}\nPackages that this tab has installed before can still be installed.`
    case 'E404':
      return `404 Not Found: ${message}`
    case 'ETARGET':
      return `${message}\nOne of the packages, or you, asks for a version that does not exist.`
    case 'EBADENGINE':
      return `Not compatible with your version of node/npm: ${pkgid}\nRequired: ${JSON.stringify(required)}\nActual:   ${JSON.stringify(current)}`
    case 'EBADPLATFORM':
      return `Unsupported platform for ${pkgid}: wanted ${JSON.stringify(required)} (current: ${JSON.stringify({ ...machineTarget })})`
    case 'EJSONPARSE':
      return `${message}\npackage.json must be actual JSON, not just JavaScript.`
    default:
      return message
  }
}

/** A warning of npm's library: words, and what they are about. */
export function describeWarning(words: readonly unknown[]): string {
  const text = words.filter((word) => typeof word === 'string').join(' ')
  const details = words.find((word): word is Details & Conflict => typeof word === 'object' && word !== null)
  if (!details) return text
  if (words[0] === 'ERESOLVE') return [text, ...describeConflict(details)].join('\n')
  if (words[0] === 'EBADENGINE')
    return `${text}: ${details.package} wants ${JSON.stringify(details.required)}, and this is ${JSON.stringify(details.current)}`
  return text
}

function describeConflict({ edge, current, currentEdge, peerConflict }: Conflict): string[] {
  const resolving = edge?.from?.whileInstalling ?? edge?.from
  const found = current ?? peerConflict?.current
  const lines = resolving?.name ? [`While resolving: ${labelOf(resolving)}`] : []
  const headed = (title: string, [first = '', ...rest]: string[]) => lines.push(title + first, ...rest)
  if (found?.name) headed('Found: ', explainPackage(found, conflictDepth))
  else if (currentEdge?.name) headed('Found: ', explainEdge(currentEdge, conflictDepth))
  if (edge?.name) headed('\nCould not resolve dependency:\n', explainEdge(edge, conflictDepth - 1))
  if (peerConflict?.peer) headed('\nConflicting peer dependency: ', explainPackage(peerConflict.peer, conflictDepth))
  return lines
}
