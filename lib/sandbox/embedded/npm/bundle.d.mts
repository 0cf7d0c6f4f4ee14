import type { Plugin } from 'esbuild'

export const plugin: Plugin
