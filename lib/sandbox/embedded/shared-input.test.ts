import { expect, it } from 'vitest'
import { createInputReader, inputSize, SharedInput } from './shared-input'

function open() {
  const buffer = new SharedArrayBuffer(inputSize)
  const input = new SharedInput(buffer)
  return { input, interrupts: createInputReader(buffer, () => undefined).interruptBuffer }
}

it('keeps a Ctrl+C that comes while the interpreter clears the one it did not see', () => {
  const { input, interrupts } = open()
  expect(interrupts[0]).toBe(0)
  input.interrupt()
  interrupts[0] = 0
  expect(input.isInterrupted).toBe(true)
  expect(interrupts[0]).toBe(2)
  interrupts[0] = 0
  expect([input.isInterrupted, interrupts[0]]).toEqual([false, 0])
})
