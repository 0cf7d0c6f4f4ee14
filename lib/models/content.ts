import type { ContentPart, ResponseItem, ToolOutput } from './types'

/** Empty for a picture. */
export function partText(part: ContentPart): string {
  return 'text' in part ? part.text : 'refusal' in part ? part.refusal : ''
}

/** What a call's output says in words. */
export function outputText(output: ToolOutput): string {
  return typeof output === 'string' ? output : output.map(partText).join('\n')
}

/** The pictures of an item, as `data:` addresses. */
export function picturesOf(item: ResponseItem): string[] {
  return partsOf(item).flatMap((part) => (part.type === 'input_image' ? [part.image_url] : []))
}

/** Made once for each item: requests that begin alike have to begin with the same objects. */
const blind = new WeakMap<ResponseItem, ResponseItem>()

/** The item with a word in the place of each picture, for who cannot see them or has no room; the same item when it has none. */
export function withoutPictures(item: ResponseItem): ResponseItem {
  const known = blind.get(item)
  if (known) return known
  const without = describePictures(item)
  blind.set(item, without)
  return without
}

function describePictures(item: ResponseItem): ResponseItem {
  if (!partsOf(item).some(({ type }) => type === 'input_image')) return item
  const parts = partsOf(item).map((part) =>
    part.type === 'input_image' ? ({ type: 'input_text', text: '(a picture was here)' } as const) : part,
  )
  return item.type === 'message' ? { ...item, content: parts } : ({ ...item, output: parts } as ResponseItem)
}

function partsOf(item: ResponseItem): readonly ContentPart[] {
  if (item.type === 'message') return item.content
  const isOutput = item.type === 'function_call_output' || item.type === 'custom_tool_call_output'
  return isOutput && typeof item.output !== 'string' ? item.output : []
}
