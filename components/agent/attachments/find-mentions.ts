import { rankFiles } from '@/components/palette/rank-files'
import { type Attachment, attachmentLabel } from '@/lib/agent/attachments/attachment'
import type { FileSymbol } from '@/lib/agent/context/symbols'
import type { Diagnostic, TestReport } from '@/lib/sandbox'
import type { CheckpointInfo } from '@/lib/workspace'

/** Where a message names something: from the `@` to the caret. */
export interface Mention {
  start: number
  query: string
}

export type MentionGroup = 'Files' | 'Symbols' | 'Failing tests' | 'Problems' | 'Checkpoints'

/** One line of the list. A checkpoint's changes are read once it is chosen. */
export interface MentionOption {
  group: MentionGroup
  label: string
  hint: string
  choice: Attachment | { kind: 'checkpoint-choice'; checkpoint: CheckpointInfo }
}

export interface MentionSources {
  paths: Iterable<string>
  symbols(): readonly { path: string; symbol: FileSymbol }[]
  report: TestReport | null
  problems: readonly Diagnostic[]
  checkpoints: readonly CheckpointInfo[]
}

const perGroup: Record<MentionGroup, number> = { Files: 8, Symbols: 6, 'Failing tests': 5, Problems: 4, Checkpoints: 4 }

/** The mention that the caret is in; null when there is none. An `@` inside a word (an address) is no mention. */
export function mentionAt(text: string, caret: number): Mention | null {
  const [found, query = ''] = /(?:^|[\s(])@([^\s@]{0,80})$/.exec(text.slice(0, caret)) ?? []
  return found === undefined ? null : { start: caret - query.length - 1, query }
}

/** What a mention may mean, best first in each group. */
export function findMentions(query: string, sources: MentionSources): MentionOption[] {
  const wanted = query.toLowerCase()
  const has = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted))
  const take = (group: MentionGroup, options: MentionOption[]) => options.slice(0, perGroup[group])
  return [
    ...rankFiles(sources.paths, query, perGroup.Files).map(fileOption),
    ...take('Symbols', wanted === '' ? [] : symbolOptions(sources.symbols(), wanted)),
    ...take(
      'Failing tests',
      failingOptions(sources.report).filter(({ label, hint }) => has(label, hint)),
    ),
    ...take(
      'Problems',
      sources.problems.map(problemOption).filter(({ label, hint }) => has(label, hint)),
    ),
    ...take(
      'Checkpoints',
      sources.checkpoints
        .toReversed()
        .filter(({ label, filesOf }) => filesOf === undefined && has(label))
        .map(checkpointOption),
    ),
  ]
}

/** The text with the mention replaced by the name of what was chosen, and where the caret goes. */
export function completeMention(
  text: string,
  { start, query }: Mention,
  name: string,
): { text: string; caret: number } {
  const after = text.slice(start + 1 + query.length)
  const inserted = after.startsWith(' ') ? name : `${name} `
  return { text: text.slice(0, start) + inserted + after, caret: start + name.length + 1 }
}

/** How the chosen thing is called in the sentence. */
export function mentionName({ choice, label }: MentionOption): string {
  return choice.kind === 'checkpoint-choice' || choice.kind === 'test' ? `“${label}”` : `\`${label}\``
}

function fileOption(path: string): MentionOption {
  return { group: 'Files', label: path, hint: '', choice: { kind: 'file', path } }
}

function symbolOptions(symbols: readonly { path: string; symbol: FileSymbol }[], wanted: string): MentionOption[] {
  const scored = symbols.flatMap(({ path, symbol }) => {
    const at = symbol.name.toLowerCase().indexOf(wanted)
    return at === -1
      ? []
      : [{ path, symbol, score: (at === 0 ? 0 : 100) + symbol.name.length + (symbol.exported ? 0 : 20) }]
  })
  return scored
    .sort((a, b) => a.score - b.score || a.path.localeCompare(b.path))
    .slice(0, perGroup.Symbols)
    .map(({ path, symbol: { name, line } }) => ({
      group: 'Symbols',
      label: name,
      hint: `${path}:${line}`,
      choice: { kind: 'symbol', path, name, line },
    }))
}

function failingOptions(report: TestReport | null): MentionOption[] {
  return (report?.suites ?? []).flatMap(({ file, tests }) =>
    tests
      .filter(({ status }) => status === 'failed')
      .map(
        ({ name, error = '' }): MentionOption => ({
          group: 'Failing tests',
          label: name,
          hint: file,
          choice: { kind: 'test', path: file, name, error },
        }),
      ),
  )
}

function problemOption({ path, line, message }: Diagnostic): MentionOption {
  const choice = { kind: 'problem' as const, path, line, message }
  return {
    group: 'Problems',
    label: `${path}:${line}`,
    hint: attachmentLabel(choice).slice(`${path}:${line} `.length),
    choice,
  }
}

function checkpointOption(checkpoint: CheckpointInfo): MentionOption {
  return {
    group: 'Checkpoints',
    label: checkpoint.label,
    hint: 'what changed since',
    choice: { kind: 'checkpoint-choice', checkpoint },
  }
}
