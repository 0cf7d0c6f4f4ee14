import type { ResponseItem } from '../../types'
import type { Reply, ReplyPart } from '../reply'
import { readFile, reply } from '../say'
import { filesRead, type Transcript, textOf } from '../transcript'
import {
  asyncNamesIn,
  type ChangedFile,
  type ChangedLine,
  missingAwait,
  type RuleFinding,
  removedTests,
  rules,
} from './review-rules'

const maxRead = 4

type Place = { path: string; line: number }

/** Plays a reviewer: reads what changed, then holds the added lines against fixed rules. */
export function reviewChanges(transcript: Transcript, input: readonly ResponseItem[]): Reply {
  const changed = changesIn(input)
  const readable = changed.filter(({ isDeleted }) => !isDeleted).slice(0, maxRead)
  if (transcript.calls.length === 0 && readable.length > 0) return reply(...readable.map(({ path }) => readFile(path)))
  const findings = findAll(changed, filesRead(transcript))
  const added = changed.flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'add')).length
  return reply(report(findings, `${added} added lines in ${changed.length} files`))
}

function report(findings: readonly (RuleFinding & Place)[], checked: string): ReplyPart {
  return {
    type: 'function_call',
    name: 'report_findings',
    arguments: {
      overview: `I’m the demo model (scripted): I held ${checked} against ${rules.length + 2} fixed rules and understand none of them. A real model would judge what the changes do.`,
      findings: findings.map(({ line, ...finding }) => ({ ...finding, start_line: line, end_line: line })),
    },
  }
}

function findAll(changed: readonly ChangedFile[], read: ReadonlyMap<string, string>): (RuleFinding & Place)[] {
  const texts = [...read.values(), ...changed.map(({ lines }) => lines.map(({ text }) => text).join('\n'))]
  const asyncNames = new Set(texts.flatMap(asyncNamesIn))
  return changed.flatMap((file) => [
    ...testsGone(file),
    ...file.lines.filter(({ kind }) => kind === 'add').flatMap((line) => judge(line, file, asyncNames)),
  ])
}

function judge(
  { text, line }: ChangedLine,
  file: ChangedFile,
  asyncNames: ReadonlySet<string>,
): (RuleFinding & Place)[] {
  const { path } = file
  const rule = rules.find(({ matches }) => matches(text, file))
  if (rule) {
    const { priority, title, body, confidence } = rule
    return [{ priority, title, body, confidence, path, line }]
  }
  const name = missingAwait(text, asyncNames)
  if (name === null) return []
  const body = `\`${name}\` is asynchronous: the next line runs before it is done, and its failure goes unheard. Write \`await ${name}(…)\`.`
  return [{ priority: 1, title: `Nobody waits for ${name}()`, body, confidence: 0.6, path, line }]
}

function testsGone(file: ChangedFile): (RuleFinding & Place)[] {
  const gone = removedTests(file)
  if (gone === 0) return []
  const line = file.lines.find(({ kind }) => kind === 'remove')?.line ?? 1
  // Of a file that is gone, what it tested is what there is to show.
  const path = file.isDeleted ? file.path.replace(/[._](?:test|spec)(\.\w+)$/, '$1') : file.path
  const body = 'What they proved is no longer proved. Bring them back, or say what they tested that is gone.'
  const title = gone === 1 ? 'A test was removed' : `${gone} tests were removed`
  return [{ priority: 1, title, body, confidence: 0.8, path, line: file.isDeleted ? 1 : line }]
}

/** Reads the request's own words for the changes. */
function changesIn(input: readonly ResponseItem[]): ChangedFile[] {
  const asked = input.find((item) => item.type === 'message' && item.role === 'user')
  const text = asked?.type === 'message' ? textOf(asked) : ''
  return text
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [head = '', ...lines] = section.split('\n')
      const [, path, kind] = /^(.+) \((new|changed|deleted)\)$/.exec(head) ?? []
      return path === undefined ? [] : [{ path, isDeleted: kind === 'deleted', lines: linesIn(lines) }]
    })
}

function linesIn(lines: readonly string[]): ChangedLine[] {
  let next = 1
  return lines.flatMap((raw): ChangedLine[] => {
    const removed = /^ {5}- (.*)$/.exec(raw)
    if (removed) return [{ kind: 'remove', line: next, text: removed[1] ?? '' }]
    const [, number, sign, text = ''] = /^ *(\d+) ([+ ]) (.*)$/.exec(raw) ?? []
    if (number === undefined) return []
    next = Number(number) + 1
    return [{ kind: sign === '+' ? 'add' : 'same', line: Number(number), text }]
  })
}
