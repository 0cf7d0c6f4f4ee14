import { describe, expect, it } from 'vitest'
import { compilerOptionsOf } from './compiler-options'

const optionsFor = (tsconfig: string) => compilerOptionsOf(new Map([['tsconfig.json', tsconfig]]))

describe('compilerOptionsOf', () => {
  it('is strict and modern without a tsconfig', () => {
    expect(compilerOptionsOf(new Map())).toMatchObject({ strict: true, target: 99, moduleResolution: 100 })
  })

  it('reads comments and trailing commas', () => {
    const options = optionsFor(
      '{ // why\n "compilerOptions": { "target": "ES2022", /* x */ "lib": ["ES2023", "DOM",], "paths": {"@/*": ["./src//*"]}, }, }',
    )
    expect(options).toMatchObject({
      target: 9,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      paths: { '@/*': ['./src//*'] },
    })
  })

  it('keeps the defaults while the tsconfig is being typed', () => {
    expect(optionsFor('{ "compilerOptions": { "strict": fal')).toEqual(compilerOptionsOf(new Map()))
  })

  it('lets the project loosen strictness', () => {
    expect(optionsFor('{"compilerOptions":{"strict":false}}').strict).toBe(false)
  })
})
