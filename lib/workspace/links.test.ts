import { describe, expect, it } from 'vitest'
import { followLink, isLink, linkChangesBetween, linksBeside, staysInside } from './links'

describe('a link', () => {
  it('stays inside when it climbs no higher than the project, and only at its beginning', () => {
    const inside = ['b', './b', '../b', '../../b', '..', '../..', '.', '../a/./b', 'c..d/e']
    for (const target of inside) expect([target, staysInside('x/y/link', target)]).toEqual([target, true])
    const outside = ['/etc/passwd', '../../../b', 'b/../../../../c', 'b/..', '..\\..\\x', 'C:/x', './../../../b']
    for (const target of outside) expect([target, staysInside('x/y/link', target)]).toEqual([target, false])
    expect(staysInside('link', '..')).toBe(false)
  })

  it('has a path of a project and a target that a system takes', () => {
    expect(isLink('a/b', '/anywhere')).toBe(true)
    for (const [path, target] of [
      ['../a', 'b'],
      ['/a', 'b'],
      ['a', ''],
      ['a', 'b\0c'],
      ['a', 'x'.repeat(4097)],
      ['a', 7],
    ] as const)
      expect([path, isLink(path, target)]).toEqual([path, false])
  })

  it('gives way to files, and to what lies on its way', () => {
    const files = new Map([
      ['taken', ''],
      ['folder/file', ''],
    ])
    const links = new Map([
      ['taken', 'a'],
      ['taken/below', 'a'],
      ['folder', 'a'],
      ['free', 'a'],
      ['free/below', 'a'],
      ['folder/free', 'a'],
    ])
    expect([...linksBeside(files, links).keys()]).toEqual(['folder/free', 'free'])
  })

  it('is followed from its own folder, through other links, and never out of the project', () => {
    const links = new Map([
      ['a/up', '../b'],
      ['a/far', 'up/./c/../d.txt'],
      ['b', 'real'],
      ['out', '../x'],
      ['absolute', '/etc/passwd'],
      ['round', 'about'],
      ['about', 'round'],
    ])
    const followed = [...links.keys()].map((path) => followLink(links, path))
    expect(followed).toEqual(['real', 'real/d.txt', 'real', null, null, null, null])
  })

  it('has its changes told, each once', () => {
    const before = new Map([
      ['kept', 'a'],
      ['moved', 'a'],
      ['gone', 'a'],
    ])
    const after = new Map([
      ['kept', 'a'],
      ['moved', 'b'],
      ['new', 'c'],
    ])
    expect(linkChangesBetween(before, after)).toEqual([
      { path: 'gone', target: null },
      { path: 'moved', target: 'b' },
      { path: 'new', target: 'c' },
    ])
  })
})
