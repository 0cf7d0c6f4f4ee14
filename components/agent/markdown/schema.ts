import type { Options } from 'rehype-sanitize'

/** What may stand in a chat message. Left out on purpose: everything that loads, submits, styles or names an element. */
export const chatSchema: Options = {
  tagNames: [
    ...['p', 'br', 'hr', 'strong', 'em', 'del', 'sup', 'code', 'pre', 'blockquote', 'a'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'input'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'section'],
  ],
  attributes: {
    a: ['href'],
    code: [['className', /^language-[\w+#.-]+$/]],
    ol: ['start'],
    th: ['align'],
    td: ['align'],
    // Only the check boxes of task lists; they are drawn as signs, never as inputs.
    input: ['checked', ['type', 'checkbox']],
  },
  required: { input: { type: 'checkbox' } },
  protocols: { href: ['http', 'https', 'mailto'] },
  strip: ['script', 'style'],
  allowComments: false,
  allowDoctypes: false,
}
