import { expect, it } from 'vitest'
import { createProgress } from './progress'

it.each([
  [80, '[##########..........] 50%  5 of 10 packages'],
  [34, '[#####....] 50%  5 of 10 packages'],
  [20, '[] 50%  5 of 10 pac'],
])('fits its line into %i columns, the words first', (columns, line) => {
  const written: string[] = []
  createProgress({ terminal: { columns, rows: 24 }, stderr: (text) => void written.push(String(text)) }).step(5, 10)
  expect(written).toEqual([`\r${line}\x1b[K`])
})

it('writes nothing where nobody looks', () => {
  const written: unknown[] = []
  const progress = createProgress({ terminal: null, stderr: (text) => void written.push(text) })
  progress.show('x')
  progress.step(1, 2)
  progress.clear()
  expect(written).toEqual([])
})
