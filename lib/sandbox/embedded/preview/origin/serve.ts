// The files of the second origin, for a server. Runs in Node.
import { readFile } from 'node:fs/promises'

const scripts: Record<string, () => Promise<string>> = {
  'relay.js': () => readFile('public/sandbox/preview-relay.js', 'utf8'),
  'astray.js': async () => "parent.postMessage({ vitrineRelay: { kind: 'astray' } }, vitrineIde)",
  'worker.js': () => readFile('public/sandbox/preview-worker.js', 'utf8'),
}
const relayPage = '<!doctype html><meta charset="utf-8"><title>Relay</title><script src="/__vitrine/relay.js"></script>'

/** What the scripts need to know; they are told by their server, since pages of their origin may tell them anything. */
const preamble = (ide: string) => `const vitrineIde=${JSON.stringify(ide)};\n`

export interface OriginFile {
  type: string
  body: string
}

/** A file under `/__vitrine/`; null when there is none of that name. The bundles are read from the project's folder. */
export async function originFile(name: string, ide: string): Promise<OriginFile | null> {
  if (name === 'relay.html') return { type: 'text/html; charset=utf-8', body: relayPage }
  const read = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  return read ? { type: 'text/javascript; charset=utf-8', body: preamble(ide) + (await read()) } : null
}
