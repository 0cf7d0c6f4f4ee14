import { bytesToBigint, type DerNode, derTag, readDer, readInteger, readOid, readSequence } from '../asn1'
import { type NameAttribute, readName, readText } from './certificate'

/** Certificates' names in the words of OpenSSL. */

const attributeNames: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}
const accessMethods: Record<string, string> = {
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'CA Issuers',
}

export const attributeName = ({ oid }: NameAttribute): string => attributeNames[oid] ?? oid

/** One attribute a line, as `subject` and `issuer` are. */
export function nameLines(attributes: readonly NameAttribute[]): string {
  return attributes.map((attribute) => `${attributeName(attribute)}=${escapeValue(attribute.value)}`).join('\n')
}

/** RFC 2253's escapes. */
function escapeValue(value: string): string {
  return value
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}

export interface GeneralName {
  readonly kind: 'DNS' | 'email' | 'URI' | 'IP Address' | 'DirName' | 'Registered ID' | 'othername'
  readonly value: string
}

const kinds: Record<number, GeneralName['kind']> = {
  0: 'othername',
  1: 'email',
  2: 'DNS',
  4: 'DirName',
  6: 'URI',
  7: 'IP Address',
  8: 'Registered ID',
}

function readGeneralName(node: DerNode): GeneralName | undefined {
  const kind = kinds[node.tag & 0x1f]
  switch (kind) {
    case undefined:
      return undefined
    case 'IP Address':
      return { kind, value: addressText(node.contents) }
    case 'DirName':
      return { kind, value: nameLines(readName(readDer(node.contents))).replaceAll('\n', ',') }
    case 'Registered ID':
      return { kind, value: readOid({ ...node, tag: 6 }) }
    case 'othername':
      return { kind, value: '<unsupported>' }
    default:
      return { kind, value: readText({ ...node, tag: 0x16 }) }
  }
}

export function readGeneralNames(node: DerNode | undefined): GeneralName[] {
  if (!node) return []
  return readSequence(node).flatMap((name) => readGeneralName(name) ?? [])
}

/** `subjectAltName`; values that could be taken for more than one name are put in quotes. */
export function generalNamesText(names: readonly GeneralName[]): string {
  return names.map(({ kind, value }) => `${kind}:${quoteIfUnsafe(value)}`).join(', ')
}

function quoteIfUnsafe(value: string): string {
  const isSafe = !/[",'\\]/.test(value) && /^[\x20-\x7e]*$/.test(value)
  return isSafe ? value : JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => escapeCharacter(character))
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** `infoAccess`, one entry a line. */
export function infoAccessText(node: DerNode): string {
  return readSequence(node)
    .map((entry) => {
      const [method, location] = readSequence(entry)
      const oid = readOid(method)
      const name = location && readGeneralName(location)
      return `${accessMethods[oid] ?? oid} - ${name ? `${name.kind}:${quoteIfUnsafe(name.value)}` : ''}`
    })
    .join('\n')
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return '<invalid>'
  return Array.from({ length: 8 }, (_, index) => bytesToBigint(bytes.subarray(index * 2, index * 2 + 2)))
    .map((group) => group.toString(16).toUpperCase())
    .join(':')
}

/** A negative length of path makes the constraints void. */
export function isCa(node: DerNode | undefined): boolean {
  if (!node) return false
  const [flag, pathLength] = readSequence(node)
  const isVoid = pathLength !== undefined && readInteger(pathLength) < 0n
  return flag?.tag === derTag.boolean && flag.contents[0] !== 0 && !isVoid
}
