// The projects that a new one can start from. Runs everywhere. Must never need a network to run, but for those on vite,
// which install their framework first.
import { demo } from './demo'
import { empty } from './empty'
import { nodeTest } from './node-test'
import { python } from './python'
import { react } from './react'
import { svelte } from './svelte'
import type { Template } from './types'
import { typescript } from './typescript'
import { vue } from './vue'
import { webPage } from './web-page'

export type { Template } from './types'

/** In the order of the start page; the demo first. */
export const templates: readonly Template[] = [demo, typescript, webPage, react, vue, svelte, nodeTest, python, empty]

export function findTemplate(name: string): Template | undefined {
  return templates.find((template) => template.name === name)
}
