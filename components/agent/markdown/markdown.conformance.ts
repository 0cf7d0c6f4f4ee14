import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { TooltipProvider } from '@/components/ui/tooltip'
import { Markdown } from '.'
import { activeParts } from './inert'

const payload = z.object({ src: z.string(), text: z.string(), expect: z.string() })
const file = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'safety/chat-markdown-xss.jsonl')
const payloads = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => payload.parse(JSON.parse(line)))

describe('chat markdown is inert', () => {
  test('there are payloads', () => {
    expect(payloads.length).toBeGreaterThan(0)
  })

  test.each(payloads.map(({ text }, index) => [index + 1, text] as const))('payload %i: %j', (_, text) => {
    const html = renderToStaticMarkup(createElement(TooltipProvider, null, createElement(Markdown, { text })))
    expect(activeParts(html)).toEqual([])
    // The text of a message is never silently dropped.
    expect(html.replace(/<[^>]*>/g, '').trim()).not.toBe('')
  })
})
