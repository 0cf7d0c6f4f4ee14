import { describe, expect, it } from 'vitest'
import { testLanguage } from './test-language'

describe('testLanguage', () => {
  it('is Python’s for a project with Python tests alone', () => {
    expect(testLanguage(undefined, ['main.py', 'tests/test_main.py'])).toBe('python')
    expect(testLanguage(undefined, ['leap.py', 'leap_test.py'])).toBe('python')
  })
  it('is the script runner’s as soon as there is one test of its own', () => {
    expect(testLanguage(undefined, ['test_main.py', 'src/a.test.ts'])).toBe('script')
    expect(testLanguage(undefined, ['main.py'])).toBe('script')
  })
  it('follows the files that were asked for', () => {
    expect(testLanguage(['test_main.py'], ['test_main.py', 'a.test.ts'])).toBe('python')
    expect(testLanguage(['a.test.ts'], ['test_main.py', 'a.test.ts'])).toBe('script')
  })
})
