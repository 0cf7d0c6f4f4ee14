// The worker gives the pages of the second origin their first script.
import { pageScriptsPlugin } from '../../page-scripts-plugin.mjs'

export const { plugin, inputs } = pageScriptsPlugin({ 'origin-page': 'origin/page/main.ts' })
