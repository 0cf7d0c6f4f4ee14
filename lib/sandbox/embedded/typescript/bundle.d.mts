import type { Plugin } from 'esbuild'

export const plugin: Plugin
export function readLibFiles(): Promise<Record<string, string>>
