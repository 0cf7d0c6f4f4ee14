// The projects that a new one can start from. Runs everywhere. Must never need a network or a package to run.
import { demo } from './demo'
import { empty } from './empty'
import { nodeTest } from './node-test'
import { python } from './python'
import type { Template } from './types'
import { typescript } from './typescript'
import { webPage } from './web-page'

export type { Template } from './types'

/** In the order of the start page; the demo first. */
export const templates: readonly Template[] = [demo, typescript, webPage, nodeTest, python, empty]

export function findTemplate(name: string): Template | undefined {
  return templates.find((template) => template.name === name)
}
