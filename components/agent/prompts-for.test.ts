import { describe, expect, test } from 'vitest'
import { demoPrompts } from '@/lib/models/scripted'
import { promptsFor } from './prompts-for'

describe('promptsFor', () => {
  test('offers every demo task in the demo project', () => {
    expect(promptsFor('demo', true)).toEqual(demoPrompts)
    expect(demoPrompts.length).toBeGreaterThan(0)
  })

  test('offers the scripted model only tasks that fit any project elsewhere', () => {
    const offered = promptsFor(null, true)
    expect(offered.length).toBeGreaterThan(0)
    expect(offered).toEqual(demoPrompts.filter((prompt) => prompt.template === null))
  })

  test('offers a real model general tasks in a project of one’s own', () => {
    const demoTexts = demoPrompts.map((prompt) => prompt.prompt)
    expect(promptsFor(null, false).filter(({ prompt }) => demoTexts.includes(prompt))).toEqual([])
  })
})
