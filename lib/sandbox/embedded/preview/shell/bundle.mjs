// The shell puts the page runtime into each document that it shows, and hands over what draws pictures when it is asked.
import { pageScriptsPlugin } from '../page-scripts-plugin.mjs'

export const { plugin, inputs } = pageScriptsPlugin({
  'page-runtime': 'page/main.ts',
  'page-capture': 'capture/main.ts',
})
