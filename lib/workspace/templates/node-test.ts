import type { Template } from './types'

export const nodeTest: Template = {
  name: 'node-test',
  title: 'JavaScript',
  description: 'Plain JavaScript with Node’s own test runner.',
  icon: 'hexagon',
  openFile: 'src/words.js',
  files: {
    'README.md': '# JavaScript\n\nRun it with `node src/main.js`, test it with `npm test`.\n',
    'package.json': `{
  "name": "javascript-project",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": {
    "start": "node src/main.js",
    "test": "node --test"
  }
}
`,
    'src/main.js': `import { countWords } from './words.js'

console.log(countWords('to be or not to be'))
`,
    'src/words.js': `/** How often each word occurs, in lower case. */
export function countWords(text) {
  const counts = {}
  for (const word of text.toLowerCase().match(/\\p{L}+/gu) ?? []) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
`,
    'test/words.test.js': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countWords } from '../src/words.js'

test('counts words whatever their case', () => {
  assert.deepEqual(countWords('Rose is a rose'), { rose: 2, is: 1, a: 1 })
})

test('finds no words in nothing', () => {
  assert.deepEqual(countWords(''), {})
})
`,
  },
}
