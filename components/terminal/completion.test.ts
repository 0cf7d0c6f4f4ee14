import { describe, expect, it } from 'vitest'
import { changeFolder, complete, completePath } from './completion'

const paths = ['src/main.ts', 'src/math.ts', 'README.md', 'tests/a.test.ts']

describe('completePath', () => {
  it('finishes the only match with a space', () => {
    expect(completePath('cat READ', '', paths)).toEqual({ text: 'cat README.md ', choices: [] })
  })
  it('adds what all matches share, and shows them', () => {
    expect(completePath('node src/m', '', paths)).toEqual({ text: 'node src/ma', choices: ['main.ts', 'math.ts'] })
  })
  it('leaves a folder open for more', () => {
    expect(completePath('ls s', '', paths).text).toBe('ls src/')
  })
  it('looks from the current folder', () => {
    expect(completePath('node mai', 'src', paths).text).toBe('node main.ts ')
    expect(completePath('cat ../te', 'src', paths).text).toBe('cat ../tests/')
  })
  it('leaves the line alone when nothing matches', () => {
    expect(completePath('cat nothing', '', paths)).toEqual({ text: 'cat nothing', choices: [] })
  })
})

describe('complete', () => {
  const manifest = JSON.stringify({ scripts: { test: 'x', 'test:unit': 'y', start: 'z' } })
  const context = {
    cwd: '',
    branches: ['main', 'topic'],
    files: new Map([
      ['package.json', manifest],
      ['notes.md', ''],
    ]),
  }
  const completed = (line: string) => complete(line, context)

  it('knows commands, also after a pipe', () => {
    expect(completed('vit').text).toBe('vitest ')
    expect(completed('cat x | gre').text).toBe('cat x | grep ')
  })
  it('knows the scripts of package.json', () => {
    expect(completed('npm run te')).toEqual({ text: 'npm run test', choices: ['test', 'test:unit'] })
  })
  it('knows git’s commands and branches', () => {
    expect(completed('git che').choices).toEqual(['checkout', 'cherry-pick'])
    expect(completed('git checkout to').text).toBe('git checkout topic ')
  })
  it('offers no name that would act on the terminal or run the line', () => {
    const named = { ...context, branches: ['topic\r', 'tidy\x1b[2J', 'trunk'] }
    expect(complete('git checkout t', named).text).toBe('git checkout trunk ')
    expect(completePath('cat ev', '', ['evil\r', 'ev\x9b5A', 'even.md'])).toEqual({ text: 'cat even.md ', choices: [] })
  })
  it('falls back to files', () => {
    expect(completed('git add no').text).toBe('git add notes.md ')
  })
})

describe('changeFolder', () => {
  it('goes down, up and home', () => {
    expect(changeFolder('', 'src', paths)).toBe('src')
    expect(changeFolder('src', '../tests', paths)).toBe('tests')
    expect(changeFolder('src', '', paths)).toBe('')
    expect(changeFolder('tests', '~/src', paths)).toBe('src')
  })
  it('does not leave the project or enter files', () => {
    expect(changeFolder('', '..', paths)).toBeNull()
    expect(changeFolder('', 'README.md', paths)).toBeNull()
    expect(changeFolder('', '/etc', paths)).toBeNull()
  })
})
