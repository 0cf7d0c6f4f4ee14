import { looksGenerated } from './plausible'

/** A name that promises a secret, an assignment in any notation, and a value in quotes or alone. */
const assignment =
  /(?<![\w$])((?:[\w.-]{0,40}?)(?:api[ _.-]?key|token|secret|passw(?:or)?d|passphrase|pwd|credential|auth|access|key|(?<![a-z])pat)[\w.-]{0,24})["']?\]?[ \t]{0,8}(?:\|\|:|=>|:=|\?=|<=|==?=?|:|,|\|\|)[ \t]{0,8}(?:["'`]([^\s"'`]{10,200})["'`]|([\w.=+/~@:!-]{10,200})(?=[\s;,#]|$))/gim

/** Names of things that are public, or of files and sizes around a secret. */
const harmlessName =
  /(?:^|[._-])(?:public|pub|csrf|xsrf|keyword|monkey|author|donkey|turkey|hockey|jockey)|(?:id|ids|name|names|url|uri|file|path|size|length|count|version|type|types|endpoint|host|port|location|source|alias|chars|str|regex|pattern|label|title|index|idx|hint|prefix|suffix|expiry|expires|ttl|accessor|class|classname|style|icon|format|language|keys?press(?:ed)?|keyup|keydown|code|hash|checksum|sum|integrity|sri|salt|iv|nonce|uuid|guid|cache[_-]?key|sort[_-]?key|primary[_-]?key|foreign[_-]?key|storage[_-]?key|public[_-]?key)$/i

export interface Assigned {
  start: number
  end: number
}

/** Generated-looking values behind names such as `SENTRY_TOKEN=` or `"apiKey": "…"`. */
export function* findAssignedSecrets(text: string): Generator<Assigned> {
  for (const match of text.matchAll(assignment)) {
    const [whole, name = '', quoted, bare] = match
    const value = quoted ?? bare ?? ''
    // In code a bare value is an expression; settings files write `NAME=value` at the start of a line.
    if (quoted === undefined && !isSettingsLine(text, match.index)) continue
    if (isHarmless(name) || !looksGenerated(value)) continue
    const start = match.index + whole.lastIndexOf(value)
    yield { start, end: start + value.length }
  }
}

function isHarmless(name: string): boolean {
  return harmlessName.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))
}

function isSettingsLine(text: string, index: number): boolean {
  const lineStart = text.lastIndexOf('\n', index - 1) + 1
  return /^\s*(?:export\s+|set\s+|[-*]\s+|ENV\s+|ARG\s+)?$/.test(text.slice(Math.max(lineStart, index - 80), index))
}
