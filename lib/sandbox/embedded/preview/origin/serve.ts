// The files of the second origin, for a server. Runs in Node.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const scripts: Record<string, string> = { 'relay.js': 'preview-relay.js', 'worker.js': 'preview-worker.js' }
const relayPage = '<!doctype html><meta charset="utf-8"><title>Relay</title><script src="/__vitrine/relay.js"></script>'

/** What the scripts need to know; they are told by their server, since pages of their origin may tell them anything. */
const preamble = (ide: string) => `const vitrineIde=${JSON.stringify(ide)};\n`

export interface OriginFile {
  type: string
  body: string
}

/** A file under `/__vitrine/`; null when there is none of that name. `folder` is where the sandbox's bundles are. */
export async function originFile(name: string, ide: string, folder = 'public/sandbox'): Promise<OriginFile | null> {
  if (name === 'relay.html') return { type: 'text/html; charset=utf-8', body: relayPage }
  const file = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  if (file === undefined) return null
  const script = await readFile(join(process.cwd(), folder, file), 'utf8')
  return { type: 'text/javascript; charset=utf-8', body: preamble(ide) + script }
}
