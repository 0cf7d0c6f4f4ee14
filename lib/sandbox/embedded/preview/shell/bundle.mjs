// The page runtime becomes part of each document that the shell shows.
import { pageRuntimePlugin } from '../page-runtime-plugin.mjs'

export const { plugin, inputs } = pageRuntimePlugin({ name: 'page-runtime', entry: 'page/main.ts' })
