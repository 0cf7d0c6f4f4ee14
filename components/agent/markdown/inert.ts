/**
 * What in rendered HTML could run, load, submit or navigate by itself: empty when the HTML is inert. For tests.
 * Reads tags only, so text that looks like code (`&lt;script&gt;`) is fine.
 */
export function activeParts(html: string): string[] {
  return [...html.matchAll(/<([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi)].flatMap(
    ([tag, name = '', attributes = '']) =>
      inertElements.has(name.toLowerCase()) && !activeAttribute.test(attributes) ? [] : [tag],
  )
}

const inertElements = new Set([
  ...['div', 'span', 'p', 'br', 'hr', 'strong', 'em', 'del', 'sup', 'mark', 'blockquote', 'section'],
  ...['h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ...['figure', 'figcaption', 'pre', 'code', 'button', 'svg', 'path', 'rect'],
])
const activeAttribute =
  /\s(?:on\w+|href|src|srcset|srcdoc|action|formaction|data|poster|ping|background|xlink:href|popovertarget|style)\s*=/i
