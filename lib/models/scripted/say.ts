import type { Reply, ReplyPart } from './reply'
import type { Transcript } from './transcript'

// The vocabulary of the scripts: one short function for each thing that a model can do.

export function reply(...parts: ReplyPart[]): Reply {
  return { parts }
}

export function say(text: string): ReplyPart {
  return { type: 'text', text }
}

export function readFile(path: string): ReplyPart {
  return { type: 'function_call', name: 'read_file', arguments: { path } }
}

export function search(query: string): ReplyPart {
  return { type: 'function_call', name: 'search', arguments: { query, kind: 'text' } }
}

export function runTests(): ReplyPart {
  return { type: 'function_call', name: 'run_tests', arguments: {} }
}

/** `done` steps are completed, the next one is in progress. */
export function plan(steps: readonly string[], done: number): ReplyPart {
  const toStatus = (index: number) => (index < done ? 'completed' : index === done ? 'in_progress' : 'pending')
  return {
    type: 'function_call',
    name: 'update_plan',
    arguments: { plan: steps.map((step, index) => ({ step, status: toStatus(index) })) },
  }
}

export function patch(transcript: Transcript, ...sections: string[]): ReplyPart {
  const text = ['*** Begin Patch', ...sections, '*** End Patch', ''].join('\n')
  return transcript.freeformPatch
    ? { type: 'custom_tool_call', name: 'apply_patch', input: text }
    : { type: 'function_call', name: 'apply_patch', arguments: { patch: text } }
}

export function addFile(path: string, content: string): string {
  return [
    `*** Add File: ${path}`,
    ...content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `+${line}`),
  ].join('\n')
}

/** Replaces whole lines; each gets its neighbours as context, so that it is found where it stood. */
export function updateLines(path: string, text: string, replace: (line: string) => string): string {
  const lines = text.split('\n')
  const hunks = lines.flatMap((line, index) => {
    const next = replace(line)
    if (next === line) return []
    const before = lines.slice(Math.max(0, index - 1), index).filter((context) => replace(context) === context)
    return [['@@', ...before.map((context) => ` ${context}`), `-${line}`, `+${next}`].join('\n')]
  })
  return [`*** Update File: ${path}`, ...hunks].join('\n')
}
