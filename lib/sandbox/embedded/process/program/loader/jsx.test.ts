import { expect, test } from 'vitest'
import { jsxOf } from './jsx'
import { createProjectConfigs, noConfig } from './tsconfig'

test('a file’s own comments win over the project', () => {
  const config = { ...noConfig, jsx: 'react', jsxFactory: 'h' }
  const source = (text: string) => jsxOf(text, config)
  expect(source('<a />')).toEqual({ isClassic: true, importSource: null, factory: 'h', fragment: null })
  expect(source('#!/usr/bin/node\n// first\n/** @jsxImportSource ../jsx */\n<a />')).toMatchObject({
    isClassic: false,
    importSource: '../jsx',
  })
  expect(source('/* @jsxRuntime automatic */')).toMatchObject({ isClassic: false })
  expect(jsxOf('/** @jsx m\n * @jsxFrag m.F */', noConfig)).toMatchObject({
    isClassic: true,
    factory: 'm',
    fragment: 'm.F',
  })
  expect(jsxOf('const a = 1 /** @jsx m */', noConfig)).toMatchObject({ isClassic: false, factory: null })
})

test('a tsconfig that only refers to others gives each file the one that includes it', () => {
  const files: Record<string, string> = {
    '/p/tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tools" }] }',
    '/p/tsconfig.app.json': '{ "include": ["src", "*.d.ts"], "compilerOptions": { "jsxImportSource": "preact" } }',
    '/p/tools/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
  }
  const configOf = createProjectConfigs({
    isFile: (path) => path in files,
    isDirectory: () => false,
    readText: (path) => files[path] ?? '',
    list: () => [],
  })
  expect(configOf('/p/src/deep/a.tsx').jsxImportSource).toBe('preact')
  expect(configOf('/p/a.d.ts').jsxImportSource).toBe('preact')
  expect(configOf('/p/vite.config.ts').jsxImportSource).toBe(null)
  expect(configOf('/p/tools/a.ts').paths).toEqual([['@/*', ['/p/tools/lib/*']]])
})
