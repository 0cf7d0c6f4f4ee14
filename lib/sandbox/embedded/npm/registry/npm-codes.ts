const codes: Record<string, string> = {
  not_found: 'E404',
  rate_limit_exceeded: 'E429',
  registry_unreachable: 'ENETWORK',
  upstream_timeout: 'ENETWORK',
  package_too_large: 'ETOOLARGE',
}

/** npm's name for what our server calls it. */
export const npmCodeOf = (code: unknown): string => codes[String(code)] ?? 'ENETWORK'
