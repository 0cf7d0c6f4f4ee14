/** The files that a project in TypeScript with vitest has whatever its subject. */
export function typescriptFiles(name: string): Record<string, string> {
  return {
    'package.json': `{
  "name": "${name}",
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
  }
}
