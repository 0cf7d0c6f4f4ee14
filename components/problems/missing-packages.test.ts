import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '@/lib/sandbox'
import { missingPackages } from './missing-packages'

const manifest = JSON.stringify({
  dependencies: { react: '^19.0.0', zod: '^4.0.0' },
  devDependencies: { vite: '^7.0.0' },
})
const problem = (code: string, message: string): Diagnostic => ({
  path: 'src/a.ts',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  severity: 'error',
  message,
  code,
})

describe('missingPackages', () => {
  it('names what package.json asks for and no import finds', () => {
    const diagnostics = [
      problem('ts(2307)', "Cannot find module 'vite' or its corresponding type declarations."),
      problem(
        'ts(2875)',
        "This JSX tag requires the module path 'react/jsx-runtime' to exist, but none could be found.",
      ),
      problem('ts(2307)', "Cannot find module './gone' or its corresponding type declarations."),
      problem('ts(2307)', "Cannot find module 'unknown' or its corresponding type declarations."),
      problem('ts(2322)', "Type 'zod' is not assignable to type 'number'."),
    ]
    expect(missingPackages(diagnostics, manifest)).toEqual(['react', 'vite'])
  })
  it('names none without a package.json that can be read', () => {
    const diagnostics = [problem('ts(2307)', "Cannot find module 'vite'.")]
    expect(missingPackages(diagnostics, undefined)).toEqual([])
    expect(missingPackages(diagnostics, '{ "dependencies"')).toEqual([])
  })
})
