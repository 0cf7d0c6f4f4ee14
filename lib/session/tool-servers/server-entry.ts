/** What the user writes of a server. */
export interface ServerEntry {
  address: string
  name: string
  /** Empty to leave the one that there is. */
  token: string
  keepInTab: boolean
}

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u
const tokenPattern = /^[\x21-\x7e]{8,4096}$/
const bearer = /^bearer\s+/i

/**
 * Brings an entry into the form that it is kept in, or says what is wrong with a field. Where the address leads is for
 * our server to judge, which looks its name up.
 */
export function readEntry(
  entry: ServerEntry,
  taken: readonly { name: string; address: string }[],
): { ok: true; entry: ServerEntry } | { ok: false; field: 'address' | 'name' | 'token'; problem: string } {
  const address = readAddress(entry.address)
  if (!address.ok) return { ok: false, field: 'address', problem: address.problem }
  const name = entry.name.trim().replaceAll(/\s+/g, ' ')
  const token = entry.token.trim().replace(bearer, '')
  const refuse = (field: 'address' | 'name' | 'token', problem: string) => ({ ok: false, field, problem }) as const
  if (taken.some((server) => server.address === address.address)) {
    return refuse('address', 'This server is in the list already.')
  }
  if (name !== '' && !namePattern.test(name)) {
    return refuse('name', 'A name has up to 40 letters, digits, blanks, dots, dashes and underscores.')
  }
  if (taken.some((server) => server.name.toLowerCase() === name.toLowerCase())) {
    return refuse('name', 'Another server has this name.')
  }
  if (token !== '' && !tokenPattern.test(token)) {
    return refuse('token', 'A token is 8 to 4096 printable characters without blanks.')
  }
  return { ok: true, entry: { ...entry, address: address.address, name, token } }
}

function readAddress(text: string): { ok: true; address: string } | { ok: false; problem: string } {
  const trimmed = text.trim()
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`
  if (trimmed === '' || !URL.canParse(full)) {
    return { ok: false, problem: 'Write an address such as https://tools.example.org/mcp.' }
  }
  const url = new URL(full)
  if (url.protocol !== 'https:') {
    return {
      ok: false,
      problem:
        'The address must begin with https://. One by http on this machine only whoever runs this IDE can allow.',
    }
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    return { ok: false, problem: 'The address is shown and recorded: no sign-in and no “?” in it. Use the token.' }
  }
  url.hash = ''
  return { ok: true, address: url.href }
}
