import type { Template } from './types'

export const typescript: Template = {
  name: 'typescript',
  title: 'TypeScript',
  description: 'One module and its test, strict types.',
  icon: 'file-code-2',
  openFile: 'src/greet.ts',
  files: {
    'README.md': '# TypeScript\n\nRun it with `node src/main.ts`, test it with `npm test`.\n',
    'package.json': `{
  "name": "typescript-project",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": {
    "start": "node src/main.ts",
    "test": "vitest run"
  },
  "devDependencies": {
    "vitest": "*"
  }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "bundler",
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "strict": true
  },
  "include": ["src"]
}
`,
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
