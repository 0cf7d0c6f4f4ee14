'use client'

import type { Element, ElementContent } from 'hast'
import { CopyButton } from '../copy-button'
import { ScrollBox } from '../scroll-box'

export function CodeBlock({ node }: { node: Element | undefined }) {
  const code = node === undefined ? '' : textOf(node).replace(/\n$/, '')
  const language = languageOf(node)
  return (
    <figure className="agent-code">
      <figcaption>
        <span>{language || 'text'}</span>
        <CopyButton text={code} label="Copy code" />
      </figcaption>
      <ScrollBox aria-label="Code">
        <pre>
          <code>{code}</code>
        </pre>
      </ScrollBox>
    </figure>
  )
}

function textOf(node: Element | ElementContent): string {
  if (node.type === 'text') return node.value
  return node.type === 'element' ? node.children.map(textOf).join('') : ''
}

function languageOf(node: Element | undefined): string {
  const child = node?.children[0]
  const names = child?.type === 'element' ? child.properties.className : undefined
  const name = Array.isArray(names) ? names.find((each) => String(each).startsWith('language-')) : undefined
  return name === undefined ? '' : String(name).slice('language-'.length)
}
