// The worker gives the pages of the second origin their first script.
import { pageRuntimePlugin } from '../../page-runtime-plugin.mjs'

export const { plugin, inputs } = pageRuntimePlugin({ name: 'origin-page', entry: 'origin/page/main.ts' })
