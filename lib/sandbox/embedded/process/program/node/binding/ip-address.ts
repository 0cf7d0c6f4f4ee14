export const ipv4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/

/** The eight words of an IPv6 address; null when it is none. */
export function toIpv6Words(text: string): number[] | null {
  const [address = ''] = text.split('%')
  const dotted = /^(.*:)([\d.]+)$/.exec(address)
  if (dotted?.[2]?.includes('.')) {
    if (!ipv4.test(dotted[2])) return null
    const [a = 0, b = 0, c = 0, d = 0] = dotted[2].split('.').map(Number)
    return toIpv6Words(`${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`)
  }
  const halves = address.split('::')
  if (halves.length > 2 || !/^[\da-f:]+$/i.test(address)) return null
  const parse = (half: string | undefined) => (half ? half.split(':').map((word) => Number.parseInt(word, 16)) : [])
  const [head, tail] = [parse(halves[0]), parse(halves[1])]
  const gap = 8 - head.length - tail.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null
  const words = [...head, ...Array.from({ length: gap }, () => 0), ...tail]
  return words.every((word) => word >= 0 && word <= 0xffff) ? words : null
}

export function canonicalIpv6(address: string): string | undefined {
  const words = toIpv6Words(address)
  if (!words) return undefined
  const text = words.map((word) => word.toString(16)).join(':')
  // The longest run of zeroes is what `::` stands for.
  const runs = [...text.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)
  const [longest] = runs
  if (!longest) return text
  const head = text.slice(0, longest.index).replace(/:$/, '')
  return `${head}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
}

/** An address as one number of 128 bits; IPv4 as the IPv6 that maps it. */
export function toNumber(address: string): bigint | null {
  if (ipv4.test(address)) {
    return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) | (0xffffn << 32n)
  }
  const words = toIpv6Words(address)
  return words?.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n) ?? null
}
