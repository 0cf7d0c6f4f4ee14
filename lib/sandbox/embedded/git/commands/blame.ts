import { splitLines } from '@/lib/workspace/diff'
import { type GitCommand, parseDate } from '../context'
import { formatDate } from '../dates'
import { fatal } from '../failure'
import { changedRegions } from '../line-regions'
import { parseOptions } from '../options'
import { toRepositoryPath } from '../pathspec'
import type { Commit, Repository } from '../repository'
import { requireCommit } from '../revision'

interface Line {
  text: string
  /** Null: not committed yet. */
  commit: Commit | null
}

export const blame: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '-s': [], '-l': [], '-w': [], '-e': ['--show-email'] },
    values: { '-L': [], '--date': [] },
  })
  const repository = context.repository()
  const words = [...options.words, ...(options.paths ?? [])]
  const file = words.pop()
  if (file === undefined) fatal('usage: git blame [-L <start>,<end>] [<rev>] [--] <file>')
  const path = toRepositoryPath(repository, context.cwd, file)
  const revision = words[0] ?? 'HEAD'
  const tip = await requireCommit(repository, revision)
  const full = `${repository.root}/${path}`
  const fromTree = words.length === 0 && repository.fs.exists(full)
  const entry = (await repository.files(tip)).get(path)
  if (!entry) fatal(`no such path '${path}' in ${revision}`)
  const present = fromTree ? new TextDecoder().decode(repository.fs.readFile(full)) : await repository.text(entry.oid)
  const lines = await annotate(repository, { tip, path, present, isBlind: options.has('-w') })
  const wanted = options.all('-L').length > 0 ? options.all('-L') : [undefined]
  const texts = lines.map(({ text }) => text)
  const numbers = new Set<number>()
  for (const range of wanted) {
    const [from, to] = rangeOf(range, texts, file)
    for (let number = from; number <= to; number++) numbers.add(number)
  }
  const shown = [...numbers]
    .sort((a, b) => a - b)
    .flatMap((number) => (lines[number - 1] ? [{ ...(lines[number - 1] as Line), number }] : []))
  const nameOf = ({ commit }: Line) => {
    if (!commit) return 'Not Committed Yet'
    return options.has('-e') ? `<${commit.author.email}>` : commit.author.name
  }
  const nameWidth = Math.max(0, ...shown.map((line) => [...nameOf(line)].length))
  const numberWidth = String(shown.at(-1)?.number ?? 0).length
  const hasBoundary = shown.some(({ commit }) => commit?.parents.length === 0)
  const idLength = options.has('-l') ? 40 : 8
  const now = { name: '', email: '', ...parseDate(undefined) }
  for (const line of shown) {
    const oid = line.commit?.oid ?? '0'.repeat(40)
    const isRoot = hasBoundary && line.commit?.parents.length === 0
    const id = isRoot ? `^${oid.slice(0, idLength - 1)}` : oid.slice(0, idLength)
    const date = formatDate(line.commit?.author ?? now, options.value('--date') ?? 'iso')
    const who = options.has('-s') ? '' : `(${nameOf(line).padEnd(nameWidth)} ${date} `
    context.out(`${id} ${who}${String(line.number).padStart(numberWidth)}) ${line.text}\n`)
  }
  return 0
}

interface Annotation {
  tip: string
  path: string
  present: string
  /** Lines that differ in blanks alone count as the same. */
  isBlind: boolean
}

/** Walks back along first parents of merges that do not explain a line, and both where they do. */
async function annotate(repository: Repository, { tip, path, present, isBlind }: Annotation): Promise<Line[]> {
  const texts = splitLines(present)
  const lines: Line[] = texts.map((text) => ({ text: text.replace(/\n$/, ''), commit: null }))
  const comparable = (version: string[]) => (isBlind ? version.map((line) => line.replaceAll(/\s+/g, '')) : version)
  const start = await repository.text((await repository.files(tip)).get(path)?.oid ?? null)
  const first = passDown(
    comparable(splitLines(start)),
    comparable(texts),
    texts.map((_, index) => index),
  )
  await explain(tip, splitLines(start), first)
  return lines

  /** `wanted[i]` is the line of the result that line `i` of this version became; -1 for none. */
  async function explain(oid: string, version: string[], wanted: number[]): Promise<void> {
    const queue = [{ oid, version, wanted }]
    while (queue.length > 0) {
      const item = queue.shift() as (typeof queue)[number]
      const commit = await repository.commit(item.oid)
      const left = [...item.wanted]
      for (const parent of commit.parents) {
        const before = (await repository.files(parent)).get(path)
        if (!before || left.every((index) => index === -1)) continue
        const old = splitLines(await repository.text(before.oid))
        const passed = passDown(comparable(old), comparable(item.version), left)
        for (const index of passed) if (index !== -1) left[left.indexOf(index)] = -1
        if (passed.some((index) => index !== -1)) queue.push({ oid: parent, version: old, wanted: passed })
      }
      for (const index of left) {
        const line = lines[index]
        if (index !== -1 && line) line.commit = commit
      }
    }
  }
}

/** For each line of `before` that is unchanged in `after`: what that line of `after` is wanted for. */
function passDown(before: string[], after: string[], wanted: readonly number[]): number[] {
  const passed = new Array<number>(before.length).fill(-1)
  let at = 0
  let to = 0
  for (const region of [...changedRegions(before, after), null]) {
    const end = region?.beforeStart ?? before.length
    while (at < end) passed[at++] = wanted[to++] ?? -1
    if (region) [at, to] = [region.beforeEnd, region.afterEnd]
  }
  return passed
}

/** `3,5` `3,+2` `5,-2` `/pattern/,+3` `3,` `,5`, or `:name` for a definition that begins at the margin. */
function rangeOf(text: string | undefined, lines: readonly string[], file: string): [number, number] {
  const named = /^:(.+)$/.exec(text ?? '')?.[1]
  if (named !== undefined) return definitionOf(named, lines)
  const match = /^(\d+|\/(?:[^/\\]|\\.)*\/)?(?:,([+-]?\d+|\/(?:[^/\\]|\\.)*\/)?)?$/.exec(text ?? '')
  if (!match) fatal(`-L: cannot read '${text}'; use -L <start>,<end>`)
  const place = (word: string, from: number) => {
    if (!word.startsWith('/')) return Number(word)
    const expression = new RegExp(word.slice(1, -1))
    const found = lines.findIndex((line, index) => index >= from && expression.test(line))
    return found === -1
      ? fatal(`-L parameter '${word.slice(1, -1)}' starting at line ${from + 1}: No match`)
      : found + 1
  }
  const start = place(match[1] ?? '1', 0)
  const [, , end] = match
  const shift = /^[+-]/.test(end ?? '') ? Number(end) : null
  const to = end === undefined ? lines.length : shift === null ? place(end, start) : start + shift - Math.sign(shift)
  const [low, high] = [Math.min(start, to), Math.max(start, to)]
  if (low > lines.length) fatal(`file ${file} has only ${lines.length} line${lines.length === 1 ? '' : 's'}`)
  return [Math.max(1, low), Math.min(high, lines.length)]
}

function definitionOf(name: string, lines: readonly string[]): [number, number] {
  const expression = new RegExp(name)
  const isHeading = (line: string) => /^[A-Za-z_$]/.test(line)
  const start = lines.findIndex((line) => isHeading(line) && expression.test(line))
  if (start === -1) fatal(`-L parameter '${name}' starting at line 1: No match`)
  const next = lines.findIndex((line, index) => index > start && isHeading(line))
  return [start + 1, next === -1 ? lines.length : next]
}
