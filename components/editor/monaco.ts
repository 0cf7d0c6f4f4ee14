import { loader } from '@monaco-editor/react'
import * as monaco from 'monaco-editor'
import { defineThemes } from '@/lib/editor'

// Loads Monaco from our own bundle, never from a CDN. Import this file dynamically: it weighs 1.3 MB.
// Each Worker URL is written out because bundlers find Workers by this very pattern.
self.MonacoEnvironment = {
  getWorker(_id, label) {
    switch (label) {
      case 'json':
        return new Worker(new URL('monaco-editor/languages/features/json/json.worker.js', import.meta.url), {
          type: 'module',
        })
      case 'css':
      case 'scss':
      case 'less':
        return new Worker(new URL('monaco-editor/languages/features/css/css.worker.js', import.meta.url), {
          type: 'module',
        })
      case 'html':
      case 'handlebars':
      case 'razor':
        return new Worker(new URL('monaco-editor/languages/features/html/html.worker.js', import.meta.url), {
          type: 'module',
        })
      case 'typescript':
      case 'javascript':
        return new Worker(new URL('monaco-editor/languages/features/typescript/ts.worker.js', import.meta.url), {
          type: 'module',
        })
      default:
        return new Worker(new URL('monaco-editor/editor/editor.worker.js', import.meta.url), { type: 'module' })
    }
  },
}
loader.config({ monaco })
defineThemes(monaco)

// Monaco measures characters once; with the fallback font it would place the cursor wrongly.
void document.fonts.load('13px "JetBrains Mono Variable"').then(() => monaco.editor.remeasureFonts())

export { monaco }
