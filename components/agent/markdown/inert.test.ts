import { expect, test } from 'vitest'
import { activeParts } from './inert'

test.each([
  '<img src="x">',
  '<script>1</script>',
  '<p onclick="x()">',
  '<span style="background:url(x)">',
  '<a href="https://example.org">',
  '<button formaction="x">',
  '<p title=">" onclick=x>',
])('finds the active part of %s', (html) => {
  expect(activeParts(html)).toHaveLength(1)
})

test('accepts text, structure and plain buttons', () => {
  expect(activeParts('<p>&lt;script&gt;</p><button type="button" title="a=b" class="x">ok</button>')).toEqual([])
})
