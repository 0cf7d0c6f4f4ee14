import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import { createProject } from '../project'
import { loadEnv } from './env'

function load(text: string, given: Record<string, string> = {}) {
  const fs = createVirtualFs([])
  fs.mkdir('/home/project', { recursive: true })
  fs.writeFile('/home/project/.env', text)
  return loadEnv(createProject(fs, '/home/project'), 'test', given)
}

it('reads each line by itself', () => {
  expect(load('A=\nB=x\nC = "a\nb"\nD=\n')).toEqual({ A: '', B: 'x', C: 'a\nb', D: '' })
  expect(load('A="a\\tb\\nc"\nB="a"b')).toEqual({ A: 'a\\tb\nc', B: 'a' })
})

it('puts variables in their places as Vite does', () => {
  const text = `A=$GIVEN\nB=\${NONE:-other}\${NONE}\nC=\\$x\nD=pa$$word\nE=$F\nF=$A\nG=\${A:+set}`
  expect(load(text, { GIVEN: 'given' })).toEqual({
    A: 'given',
    B: 'other',
    C: '$x',
    D: 'pa$',
    E: '$A',
    F: 'given',
    G: 'set',
  })
  expect(load('VITE_A=file\nB=$VITE_A', { VITE_A: 'set' })).toEqual({ VITE_A: 'set', B: 'set' })
})
