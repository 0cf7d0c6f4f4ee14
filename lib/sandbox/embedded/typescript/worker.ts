// The program of the type-check Worker. Bundled with the plugin of `bundle.mjs` into one classic script.
import { libFiles } from 'vitrine:typescript-lib'
import { messageOf } from '@/lib/base'
import { createProjectChecker } from './project-checker'
import type { FromChecker, ToChecker } from './protocol'

const checker = createProjectChecker(libFiles)

self.onmessage = ({ data }: MessageEvent<ToChecker>) => {
  if (data.type === 'update') {
    checker.update(data.files, data.replace)
    return
  }
  self.postMessage(answer(data))
}

function answer(request: Exclude<ToChecker, { type: 'update' }>): FromChecker {
  const { id } = request
  try {
    if (request.type === 'symbols') return { type: 'symbols', id, files: checker.symbols() }
    return { type: 'checked', id, diagnostics: checker.check(request.paths, request.config) }
  } catch (error) {
    return { type: 'failed', id, message: `The type checker failed: ${messageOf(error)}` }
  }
}
