import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { TooltipProvider } from '@/components/ui/tooltip'
import { activeParts } from './inert'
import { Markdown } from './markdown'
import { ProjectLinksContext } from './project-links'

const project = { has: (path: string) => path === 'src/main.ts' || path === 'LICENSE', open: () => {} }

function render(text: string): string {
  const markdown = createElement(Markdown, { text })
  return renderToStaticMarkup(
    createElement(TooltipProvider, null, createElement(ProjectLinksContext, { value: project }, markdown)),
  )
}

describe('Markdown', () => {
  test('shows HTML as the text it is', () => {
    expect(render('<b>bold</b>')).toContain('&lt;b&gt;bold&lt;/b&gt;')
    expect(render('<script>alert(1)</script>')).toContain('&lt;script&gt;')
  })

  test.each([
    '![alt](https://example.org/p.png)',
    '![alt][r]\n\n[r]: https://example.org/p.png',
    '[![alt](https://example.org/p.png)](https://example.org)',
    '<img src=https://example.org/p.png>',
    '![a](data:image/svg+xml,<svg onload=alert(1)>)',
  ])('never loads an image: %s', (text) => {
    expect(activeParts(render(text))).toEqual([])
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '//example.org/x',
    'https://example.org@attacker.test/',
  ])('turns a link to %s into plain text', (href) => {
    const html = render(`[press](<${href}>)`)
    expect(html).toContain('press')
    expect(html).not.toMatch(/<(?:a|button)\b/)
  })

  test('makes a web link a button that only carries the whole address', () => {
    const html = render('[docs](https://example.org/a?b=c)')
    expect(html).toMatch(/<button[^>]*aria-haspopup="dialog"[^>]*>docs<\/button>/)
    expect(html).toContain('title="https://example.org/a?b=c"')
    expect(activeParts(html)).toEqual([])
  })

  test('shows look-alike hosts in ASCII', () => {
    expect(
      render('[bank](https://xn--80ak6aa92e.com) [bank](https://аррӏе.com)').match(/xn--80ak6aa92e/g),
    ).toHaveLength(2)
  })

  test.each(['`src/main.ts:12`', 'see src/main.ts:12:3.', '[main](src/main.ts#L3)', '`LICENSE`'])(
    'makes a file of the project open in the editor: %s',
    (text) => {
      expect(render(text)).toMatch(/<button[^>]*class="agent-file-link"/)
    },
  )

  test.each(['`src/other.ts`', 'and/or.', '`const`', '[up](../secret.txt)'])(
    'leaves what is no file alone: %s',
    (text) => {
      expect(render(text)).not.toContain('<button')
    },
  )

  test('keeps code, tables, task lists and ordered numbers', () => {
    const html = render('3. three\n\n- [x] done\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```ts\nconst a = 1 < 2\n```')
    expect(html).toContain('<ol start="3">')
    expect(html).toContain('aria-label="done"')
    expect(html).toContain('<table>')
    expect(html).toContain('const a = 1 &lt; 2')
    expect(html).not.toContain('<input')
  })
})
