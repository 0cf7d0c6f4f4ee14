import type { Template } from './types'
import { typescriptFiles } from './typescript-project'

export const typescript: Template = {
  name: 'typescript',
  title: 'TypeScript',
  description: 'One module and its test, strict types.',
  icon: 'file-code-2',
  openFile: 'src/greet.ts',
  files: {
    'README.md': '# TypeScript\n\nRun it with `node src/main.ts`, test it with `npm test`.\n',
    ...typescriptFiles('typescript-project'),
    'src/main.ts': `import { greet } from './greet.ts'

console.log(greet('world'))
`,
    'src/greet.ts': `export function greet(name: string): string {
  return \`Hello, \${name}!\`
}
`,
    'src/greet.test.ts': `import { expect, it } from 'vitest'
import { greet } from './greet.ts'

it('greets by name', () => {
  expect(greet('Ada')).toBe('Hello, Ada!')
})
`,
  },
}
