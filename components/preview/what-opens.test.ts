import { expect, it } from 'vitest'
import { whatOpens } from './what-opens'

const scripts = (given: object) => JSON.stringify({ scripts: given })

it.each<[files: Record<string, string>, ports: number[], words: RegExp | null]>([
  [{ 'README.md': '' }, [], null],
  [{ 'index.html': '' }, [], /shows index\.html/],
  [{ 'index.html': '', 'package.json': scripts({ start: 'node .' }) }, [], /shows index\.html/],
  [{ 'index.html': '', 'package.json': scripts({ dev: 'vite' }) }, [], /npm run dev/],
  [{ 'package.json': scripts({ start: 'node .' }) }, [], /npm run start/],
  [{ 'index.html': '' }, [3000], /port 3000/],
])('says what opens of %j with ports %j', (files, ports, words) => {
  const said = whatOpens(new Map(Object.entries(files)), ports)
  if (words === null) expect(said).toBeNull()
  else expect(said).toMatch(words)
})
