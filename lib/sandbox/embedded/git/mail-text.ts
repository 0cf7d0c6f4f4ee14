import { encodeUtf8, fromLatin1, toLatin1 } from '@/lib/base'

/** All of a commit's message but its subject. */
export function bodyOf(message: string): string {
  const at = message.trimStart().search(/\n\s*\n/)
  const body =
    at === -1
      ? ''
      : message
          .trimStart()
          .slice(at)
          .replace(/^\s*\n/, '')
          .trimEnd()
  return body === '' ? '' : `${body}\n`
}

const maxLine = 78
const maxEncoded = 75

/** A header's text: folded when long, and in ASCII; the first `kept` characters stay as they are. */
export function encodeHeader(name: string, text: string, kept = 0): string {
  if (/^[\x20-\x7e]*$/.test(text)) return fold(name, text)
  const start = '=?UTF-8?q?'
  const plain = name === 'From: ' ? /[A-Za-z0-9!*+/-]/ : /[!-<>@-^`-~]/
  let line = text.slice(0, kept) + start
  let width = name.length + line.length
  let result = ''
  for (const char of text.slice(kept)) {
    const safe = plain.test(char)
    const code = safe
      ? char
      : [...encodeUtf8(char)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
    if (width + code.length + 2 > maxEncoded + 1) {
      result += `${line}?=\n `
      line = start
      width = 1 + start.length
    }
    line += code
    width += code.length
  }
  return `${result}${line}?=`
}

function fold(name: string, text: string): string {
  let width = name.length
  return text
    .split(' ')
    .map((word, index) => {
      const isNew = index > 0 && width + 1 + word.length > maxLine
      width = isNew ? 1 + word.length : width + word.length + (index > 0 ? 1 : 0)
      return index === 0 ? word : isNew ? `\n ${word}` : ` ${word}`
    })
    .join('')
}

/** `=?UTF-8?q?…?=` and its base64 form as text. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/(\?=)\s+(?==\?)/g, '$1')
    .replaceAll(/=\?([\w-]+)\?([qb])\?([^?]*)\?=/gi, (_, charset: string, kind: string, coded: string) => {
      const bytes =
        kind.toLowerCase() === 'b'
          ? fromLatin1(atob(coded))
          : fromLatin1(
              coded
                .replaceAll('_', ' ')
                .replaceAll(/=([\dA-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            )
      return new TextDecoder(charset).decode(bytes)
    })
}

export interface PatchMail {
  name: string
  email: string
  date: string
  subject: string
  body: string
  patch: Uint8Array
}

/** The mails of a mailbox; a single one may come without the line `From …`. */
export function readMails(bytes: Uint8Array): PatchMail[] {
  return toLatin1(bytes)
    .split(/^(?=From [0-9a-f]{40} )/m)
    .filter((text) => text.trim() !== '')
    .flatMap((text) => readMail(text) ?? [])
}

function readMail(text: string): PatchMail | null {
  const utf8 = (part: string) => new TextDecoder().decode(fromLatin1(part))
  const [head = '', ...rest] = text.split(/\r?\n\r?\n/)
  const headers = new Map(
    head
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .flatMap((line) => {
        const [, key, value = ''] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
        return key === undefined ? [] : [[key.toLowerCase(), decodeWords(utf8(value))] as const]
      }),
  )
  const from = /^"?(.*?)"?\s*<([^>]*)>\s*$/.exec(headers.get('from') ?? '')
  const subject = headers.get('subject')
  if (!from || subject === undefined) return null
  const content = rest.join('\n\n')
  const at = /^(?:---\r?$|diff --git |Index: |--- \S)/m.exec(content)?.index ?? content.length
  const body = utf8(content.slice(0, at)).trim()
  return {
    name: from[1] ?? '',
    email: from[2] ?? '',
    date: headers.get('date') ?? '',
    subject: subject.replace(/^(?:\s|re:|\[[^\]]*\])+/i, '').trim(),
    body: body === '' ? '' : `${body}\n`,
    patch: fromLatin1(content.slice(at)),
  }
}
