import * as z from 'zod'
import { answerText } from './answer-text'
import type { ServerTool } from './types'

/** Beside its tools a server may offer files (resources) and prompts. */
export type Offer = 'resources' | 'prompts'

const text = z.string()
const cursor = text.nullish()

const lists = {
  'resources/list': z.object({
    resources: z.array(z.object({ uri: text, name: text.optional(), description: text.optional() })),
    nextCursor: cursor,
  }),
  'resources/read': z.object({ contents: z.array(z.looseObject({ uri: text })) }),
  'prompts/list': z.object({
    prompts: z.array(
      z.object({
        name: text,
        description: text.optional(),
        arguments: z.array(z.object({ name: text, required: z.boolean().optional() })).optional(),
      }),
    ),
    nextCursor: cursor,
  }),
  'prompts/get': z.object({
    messages: z.array(z.object({ role: text, content: z.looseObject({ type: text }) })),
  }),
}

export type OfferMethod = keyof typeof lists

const page = { cursor: { type: 'string', description: 'From the page before.' } }

/** The methods of the protocol as tools, so that they are listed, switched on, asked about and called like those. */
const offers: Record<OfferMethod, Pick<ServerTool, 'description' | 'inputSchema'>> = {
  'resources/list': {
    description: 'Lists the files that the server offers, with their addresses.',
    inputSchema: { type: 'object', properties: page },
  },
  'resources/read': {
    description: 'Reads a file that the server offers.',
    inputSchema: { type: 'object', properties: { uri: { type: 'string' } }, required: ['uri'] },
  },
  'prompts/list': {
    description: 'Lists the prompts that the server offers, with their arguments.',
    inputSchema: { type: 'object', properties: page },
  },
  'prompts/get': {
    description: 'Gives the text of a prompt that the server offers.',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object', additionalProperties: { type: 'string' } } },
      required: ['name'],
    },
  },
}

export function isOfferMethod(name: string): name is OfferMethod {
  return Object.hasOwn(offers, name)
}

export function toolsFor(offered: readonly Offer[]): ServerTool[] {
  return Object.entries(offers)
    .filter(([name]) => offered.some((offer) => name.startsWith(`${offer}/`)))
    .map(([name, described]) => ({ name, ...described, readOnly: true }))
}

/** What the server answered, for the model to read; null when it has not the shape. */
export function offerText(method: OfferMethod, result: unknown): string | null {
  switch (method) {
    case 'resources/list': {
      const { success, data } = lists[method].safeParse(result)
      if (!success) return null
      return listed(
        data.resources.map(({ uri, name, description }) => [uri, name, description]),
        data.nextCursor,
      )
    }
    case 'prompts/list': {
      const { success, data } = lists[method].safeParse(result)
      if (!success) return null
      const argumentsOf = (prompt: (typeof data.prompts)[number]) =>
        prompt.arguments?.map(({ name, required }) => (required ? name : `${name}?`)).join(', ')
      return listed(
        data.prompts.map((prompt) => [`${prompt.name}(${argumentsOf(prompt) ?? ''})`, prompt.description]),
        data.nextCursor,
      )
    }
    case 'resources/read': {
      const { success, data } = lists[method].safeParse(result)
      return success ? answerText({ content: data.contents.map((resource) => ({ type: 'resource', resource })) }) : null
    }
    case 'prompts/get': {
      const { success, data } = lists[method].safeParse(result)
      return success ? answerText({ content: data.messages.map(({ content }) => content) }) : null
    }
  }
}

function listed(entries: readonly (readonly (string | undefined)[])[], next: string | null | undefined): string {
  const lines = entries.map((entry) => entry.filter((part) => part !== undefined && part !== '').join(' · '))
  if (next) lines.push(`There are more: call it again with {"cursor": ${JSON.stringify(next)}}.`)
  return answerText({ content: [{ type: 'text', text: lines.join('\n') }] })
}
