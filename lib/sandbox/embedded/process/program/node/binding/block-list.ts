import type { Binding, BindingContext } from './context'
import { hostObjectsOf } from './host-objects'
import { canonicalIpv6, ipv4, toNumber } from './ip-address'

interface Rule {
  from: bigint
  to: bigint
  text: string
}

/** `net.SocketAddress` and `net.BlockList`. */
export function createBlockListBinding(context: BindingContext): Binding {
  const constants = context.constants('block_list') as { AF_INET: number; AF_INET6: number }

  class SocketAddress {
    readonly #address: string
    readonly #port: number
    readonly #family: number
    readonly #flowLabel: number

    constructor(address: string, port: number, family: number, flowLabel: number) {
      const isRight =
        family === constants.AF_INET ? ipv4.test(address) : !ipv4.test(address) && toNumber(address) !== null
      if (!isRight) throw context.nodeError('ERR_INVALID_ADDRESS')
      this.#address = family === constants.AF_INET ? address : (canonicalIpv6(address) ?? address)
      this.#port = port
      this.#family = family
      this.#flowLabel = flowLabel
    }

    get value(): bigint {
      return toNumber(this.#address) ?? 0n
    }

    get text(): string {
      return `${this.#family === constants.AF_INET ? 'IPv4' : 'IPv6'} ${this.#address}`
    }

    get bits(): number {
      return this.#family === constants.AF_INET ? 32 : 128
    }

    detail(out: object): object {
      return Object.assign(out, {
        address: this.#address,
        port: this.#port,
        family: this.#family,
        flowlabel: this.#flowLabel,
      })
    }

    flowlabel(): number {
      return this.#flowLabel
    }

    get parts(): [string, number, number, number] {
      return [this.#address, this.#port, this.#family, this.#flowLabel]
    }
  }

  class BlockList {
    #rules: Rule[] = []

    addAddress(address: SocketAddress): void {
      this.#rules.unshift({ from: address.value, to: address.value, text: `Address: ${address.text}` })
    }

    addRange(start: SocketAddress, end: SocketAddress): boolean {
      if (start.value > end.value) return false
      const text = `Range: ${start.text}-${end.text.split(' ')[1]}`
      this.#rules.unshift({ from: start.value, to: end.value, text })
      return true
    }

    addSubnet(network: SocketAddress, prefix: number): void {
      const open = (1n << BigInt(network.bits - prefix)) - 1n
      const from = network.value & ~open
      this.#rules.unshift({ from, to: from | open, text: `Subnet: ${network.text}/${prefix}` })
    }

    check(address: SocketAddress): boolean {
      const { value } = address
      return this.#rules.some(({ from, to }) => value >= from && value <= to)
    }

    /** The rules themselves: those that share them see the same list. */
    get rules(): Rule[] {
      return this.#rules
    }

    set rules(rules: Rule[]) {
      this.#rules = rules
    }

    getRules(): string[] {
      return this.#rules.map(({ text }) => text)
    }
  }

  const hosts = hostObjectsOf(context)
  hosts.register({
    name: 'block_list:SocketAddress',
    Class: SocketAddress,
    clone: (address) => (address as SocketAddress).parts,
    restore: (parts: SocketAddress['parts']) => new SocketAddress(...parts),
  })
  hosts.register({
    name: 'block_list:BlockList',
    Class: BlockList,
    clone: (list) => (list as BlockList).rules,
    restore: (rules: Rule[]) => Object.assign(new BlockList(), { rules }),
  })
  return { ...constants, SocketAddress, BlockList }
}
