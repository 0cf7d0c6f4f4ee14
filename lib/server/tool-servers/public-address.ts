import { BlockList, isIP } from 'node:net'

/** Blocks of IPv4 that are not the public internet, and hosts in it that clouds answer for their own machines. Source: IANA's registry of special-purpose addresses. */
const reserved4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]
/** Of IPv6 one block is public; what it holds of tunnels to IPv4, documentation and experiments is not. */
const public6 = ['2000::/3']
const reserved6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const isReserved4 = matcher(reserved4, 'ipv4')
const isGlobal6 = matcher(public6, 'ipv6')
const isReserved6 = matcher(reserved6, 'ipv6')

/** Whether an address, in numbers, is one of the public internet. IPv4 in the clothes of IPv6 is none. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !isReserved4(address)
    case 6:
      return !address.includes('%') && isGlobal6(address) && !isReserved6(address)
    default:
      return false
  }
}

function matcher(subnets: readonly string[], family: 'ipv4' | 'ipv6'): (address: string) => boolean {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return (address) => list.check(address, family)
}
