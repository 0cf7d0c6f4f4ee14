/** The few fields of a Markdown syntax tree (mdast) that are looked at here. */
interface MarkdownNode {
  type: string
  value?: string
  url?: string
  alt?: string | null
  children?: MarkdownNode[]
}

const filePath = /(?<![\w@/.:~-])(?:[\w@.-]+\/)+[\w@-][\w.@-]*\.[a-z]{1,5}(?::\d+){0,2}(?![\w/])/g

/**
 * A remark plugin: HTML becomes the text it is, images become links that say so, and paths in prose become relative links.
 * Runs before any HTML tree exists, so the sanitiser behind it never meets a tag that a model wrote.
 */
export function tame() {
  return (tree: MarkdownNode) => tameChildren(tree, false)
}

function tameChildren(node: MarkdownNode, insideLink: boolean): void {
  node.children = node.children?.flatMap((child) => {
    const tamed = tameNode(child, insideLink)
    for (const each of tamed) tameChildren(each, insideLink || each.type === 'link' || each.type === 'linkReference')
    return tamed
  })
}

function tameNode(node: MarkdownNode, insideLink: boolean): MarkdownNode[] {
  switch (node.type) {
    case 'html':
      return [{ type: 'text', value: node.value }]
    case 'image':
      return [imageAs(insideLink ? { type: 'emphasis' } : { type: 'link', url: node.url }, node)]
    case 'imageReference':
      return [imageAs(insideLink ? { type: 'emphasis' } : { ...node, type: 'linkReference' }, node)]
    case 'text':
      return insideLink ? [node] : linkPaths(node.value ?? '')
    default:
      return [node]
  }
}

function imageAs(wrapper: MarkdownNode, image: MarkdownNode): MarkdownNode {
  return { ...wrapper, children: [{ type: 'text', value: `image: ${image.alt || 'without description'}` }] }
}

function linkPaths(text: string): MarkdownNode[] {
  const nodes: MarkdownNode[] = []
  let end = 0
  for (const match of text.matchAll(filePath)) {
    if (match.index > end) nodes.push({ type: 'text', value: text.slice(end, match.index) })
    nodes.push({ type: 'link', url: `./${match[0]}`, children: [{ type: 'text', value: match[0] }] })
    end = match.index + match[0].length
  }
  if (end < text.length || nodes.length === 0) nodes.push({ type: 'text', value: text.slice(end) })
  return nodes
}
