import { describe, expect, it } from 'vitest'
import { keysLabel, matchesKeys } from './keys'

const press = (
  key: string,
  more: Partial<Record<'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', unknown>> = {},
) => ({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more }) as KeyboardEvent

describe('keys', () => {
  it('names Mod after the platform', () => {
    expect([keysLabel('Mod+Shift+P', false), keysLabel('Mod+Shift+P', true)]).toEqual(['Ctrl+Shift+P', '⌘+⇧+P'])
  })

  it('matches a combination exactly', () => {
    const event = press('P', { ctrlKey: true, shiftKey: true })
    expect(matchesKeys(event, 'Mod+Shift+P', false)).toBe(true)
    expect(matchesKeys(event, 'Mod+P', false)).toBe(false)
    expect(matchesKeys(event, 'Mod+Shift+P', true)).toBe(false)
  })

  it('finds the backtick where a layout has another character', () => {
    expect(matchesKeys(press('^', { ctrlKey: true, code: 'Backquote' }), 'Ctrl+`', false)).toBe(true)
  })

  it('falls back to the physical key for layouts without Latin letters', () => {
    expect(matchesKeys(press('з', { ctrlKey: true, code: 'KeyP' }), 'Mod+P', false)).toBe(true)
    expect(matchesKeys(press('r', { ctrlKey: true, code: 'KeyP' }), 'Mod+P', false)).toBe(false)
  })
})
