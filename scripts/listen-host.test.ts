import { describe, expect, it } from 'vitest'
import { listenHost, reachedAt } from './listen-host.mjs'

describe('where the server listens', () => {
  it('is this machine alone, and all of a container', () => {
    expect(listenHost([], {}, false)).toBe('127.0.0.1')
    expect(listenHost([], { VITRINE_HOST: '' }, false)).toBe('127.0.0.1')
    expect(listenHost([], {}, true)).toBe('0.0.0.0')
  })

  it('is what the option says, else what the variable says', () => {
    expect(listenHost(['--hostname', '0.0.0.0'], { VITRINE_HOST: '127.0.0.1' }, false)).toBe('0.0.0.0')
    expect(listenHost(['--hostname=::1'], {}, true)).toBe('::1')
    expect(listenHost([], { VITRINE_HOST: '192.168.0.7' }, true)).toBe('192.168.0.7')
  })

  it.each([[['--hostname']], [['--hostname', 'x y']], [['--host', '0.0.0.0']], [['--hostname', '::', 'x']]])(
    'is refused with a sentence for %j',
    (args) => expect(() => listenHost(args, {}, false)).toThrow(/no address to listen on|The one option is/),
  )

  it('is shown as localhost where that leads there', () => {
    expect(reachedAt('127.0.0.1', 3000)).toEqual({ shown: 'http://localhost:3000', asked: 'http://127.0.0.1:3000' })
    expect(reachedAt('0.0.0.0', 3000)).toEqual({ shown: 'http://localhost:3000', asked: 'http://127.0.0.1:3000' })
    expect(reachedAt('::', 3000)).toEqual({ shown: 'http://localhost:3000', asked: 'http://[::1]:3000' })
    expect(reachedAt('fe80::1', 80)).toEqual({ shown: 'http://[fe80::1]:80', asked: 'http://[fe80::1]:80' })
  })
})
