import { describe, expect, it } from 'vitest'
import { followImports } from './follow-imports'

const files = new Map<string, string | Uint8Array>([
  ['src/greet.ts', "import { name } from './lib/name'\nexport const greet = name\n"],
  ['src/main.ts', "import { greet } from './greet.ts'\nimport './other'\n"],
  ['src/bare.ts', "export * from './greet'\nconst a = await import('./greet.js')\n// from './gone'\n"],
  ['src/old.cjs', "const g = require('../src/greet')\n"],
  ['src/lib/name.ts', "import { greet } from '../greet'\nexport const name = 'a'\n"],
  ['src/lib/index.ts', ''],
  ['src/uses-lib.test.ts', "vi.mock('./lib')\nimport x from 'greet'\n"],
  ['logo.png', new Uint8Array([1])],
])
const follow = (...moves: [string, string][]) => Object.fromEntries(followImports(files, new Map(moves)))

describe('followImports', () => {
  it('renames in imports as each was written', () => {
    expect(follow(['src/greet.ts', 'src/hello.ts'])).toEqual({
      'src/main.ts': "import { greet } from './hello.ts'\nimport './other'\n",
      'src/bare.ts': "export * from './hello'\nconst a = await import('./hello.js')\n// from './gone'\n",
      'src/old.cjs': "const g = require('./hello')\n",
      'src/lib/name.ts': "import { greet } from '../hello'\nexport const name = 'a'\n",
    })
  })
  it('mends the moved file’s own imports too', () => {
    expect(follow(['src/greet.ts', 'src/lib/deep/greet.ts'])).toMatchObject({
      'src/lib/deep/greet.ts': "import { name } from '../name'\nexport const greet = name\n",
      'src/lib/name.ts': "import { greet } from './deep/greet'\nexport const name = 'a'\n",
    })
  })
  it('follows a folder, its index by the folder’s name', () => {
    expect(follow(['src/lib/name.ts', 'src/core/name.ts'], ['src/lib/index.ts', 'src/core/index.ts'])).toEqual({
      'src/greet.ts': "import { name } from './core/name'\nexport const greet = name\n",
      'src/uses-lib.test.ts': "vi.mock('./core')\nimport x from 'greet'\n",
    })
  })
  it('changes nothing where nothing leads', () => {
    expect(follow(['logo.png', 'images/logo.png'])).toEqual({})
  })
})
