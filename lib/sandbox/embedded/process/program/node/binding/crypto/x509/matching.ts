import type { GeneralName } from './names'

/** `X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT` and its siblings. */
export const checkFlag = {
  alwaysCheckSubject: 0x1,
  noWildcards: 0x2,
  noPartialWildcards: 0x4,
  multiLabelWildcards: 0x8,
  singleLabelSubdomains: 0x10,
  neverCheckSubject: 0x20,
} as const

export interface CertificateNames {
  readonly alternatives: readonly GeneralName[]
  readonly commonNames: readonly string[]
  readonly emails: readonly string[]
}

/** The name of the certificate that stands for the host (RFC 6125), as OpenSSL's X509_check_host. */
export function matchHost(names: CertificateNames, host: string, flags: number): string | undefined {
  const own = names.alternatives.filter(({ kind }) => kind === 'DNS').map(({ value }) => value)
  const isSubjectAsked = (flags & checkFlag.alwaysCheckSubject) !== 0 || own.length === 0
  const isSubjectAllowed = (flags & checkFlag.neverCheckSubject) === 0
  const candidates = [...own, ...(isSubjectAsked && isSubjectAllowed ? names.commonNames : [])]
  return candidates.find((pattern) => isHostMatch(pattern, host, flags))
}

function isHostMatch(pattern: string, host: string, flags: number): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()]
  if (given.startsWith('.')) {
    if (!wanted.endsWith(given)) return false
    const isSingle = (flags & checkFlag.singleLabelSubdomains) !== 0
    return !isSingle || !wanted.slice(0, -given.length).includes('.')
  }
  if (!wanted.includes('*') || (flags & checkFlag.noWildcards) !== 0) return wanted === given
  const [label = '', ...rest] = wanted.split('.')
  if (rest.length < 2 || rest.some((part) => part.includes('*')) || label.split('*').length !== 2) return false
  if (label !== '*' && ((flags & checkFlag.noPartialWildcards) !== 0 || label.startsWith('xn--'))) return false
  const suffix = `.${rest.join('.')}`
  if (!given.endsWith(suffix)) return false
  const covered = given.slice(0, -suffix.length)
  if (covered === '' || (covered.includes('.') && !(flags & checkFlag.multiLabelWildcards && label === '*')))
    return false
  const [start = '', end = ''] = label.split('*')
  return covered.length > start.length + end.length - 1 && covered.startsWith(start) && covered.endsWith(end)
}

export function matchEmail(names: CertificateNames, email: string, flags: number): string | undefined {
  const own = names.alternatives.filter(({ kind }) => kind === 'email').map(({ value }) => value)
  const isSubjectAsked = own.length === 0 || (flags & checkFlag.alwaysCheckSubject) !== 0
  const isSubjectAllowed = (flags & checkFlag.neverCheckSubject) === 0
  const candidates = [...own, ...(isSubjectAsked && isSubjectAllowed ? names.emails : [])]
  return candidates.find((candidate) => isEmailMatch(candidate, email))
}

/** Only the domain may differ in case. */
function isEmailMatch(left: string, right: string): boolean {
  const parts = (text: string) => [
    text.slice(0, text.lastIndexOf('@')),
    text.slice(text.lastIndexOf('@')).toLowerCase(),
  ]
  return parts(left).join('') === parts(right).join('')
}

export function matchAddress(names: CertificateNames, address: string): string | undefined {
  const wanted = canonicalAddress(address)
  const isThere = names.alternatives.some(
    ({ kind, value }) => kind === 'IP Address' && canonicalAddress(value) === wanted,
  )
  return isThere ? address : undefined
}

function canonicalAddress(text: string): string {
  if (!text.includes(':')) return text
  const [head = '', tail] = text.toLowerCase().split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const [front, back] = [groups(head), groups(tail ?? '')]
  const fill = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => 0)
  return [...front, ...fill, ...back].map((group) => group.toString(16)).join(':')
}
