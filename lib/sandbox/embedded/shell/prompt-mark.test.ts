import { describe, expect, it } from 'vitest'
import { createMarkReader, decodeLine, encodeLine, encodePrompt } from './prompt-mark'

const state = { cwd: '/home/project', branch: 'main', branches: ['main'], exitCode: 0, isUnfinished: false, unread: '' }

describe('the shell’s marks', () => {
  it('are told from what is shown, however the output is cut', () => {
    const output = `a\x1b[31mb\n${encodePrompt('n', state)}c`
    for (let cut = 0; cut <= output.length; cut++) {
      const reader = createMarkReader('n')
      const parts = [...reader.read(output.slice(0, cut)), ...reader.read(output.slice(cut))]
      expect(parts.filter((part) => typeof part === 'string').join('')).toBe('a\x1b[31mb\nc')
      expect(parts.filter((part) => typeof part !== 'string')).toEqual([state])
    }
  })

  it('of another nonce are output like any other', () => {
    const forged = encodePrompt('other', state)
    expect(createMarkReader('n').read(`${forged}x`)).toEqual([`${forged}x`])
  })
})

describe('the shell’s lines', () => {
  it('are told from what is typed for programs, whatever that is', () => {
    const sent = `half a line${encodeLine('echo "a\nb"')}"typed"\n`
    expect(sent.split('\n').map(decodeLine)).toEqual([null, 'echo "a\nb"', null, null])
  })
})
