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
  const lines = await annotate(repository, { tip, path, present })
  const [from, to] = rangeOf(options.value('-L'), lines.length)
  const shown = lines.slice(from - 1, to)
  const nameOf = ({ commit }: Line) => {
    if (!commit) return 'Not Committed Yet'
    return options.has('-e') ? `<${commit.author.email}>` : commit.author.name
  }
  const nameWidth = Math.max(0, ...shown.map((line) => [...nameOf(line)].length))
  const numberWidth = String(to).length
  const hasBoundary = shown.some(({ commit }) => commit?.parents.length === 0)
  const idLength = options.has('-l') ? 40 : 8
  const now = { name: '', email: '', ...parseDate(undefined) }
  for (const [index, line] of shown.entries()) {
    const oid = line.commit?.oid ?? '0'.repeat(40)
    const isRoot = hasBoundary && line.commit?.parents.length === 0
    const id = isRoot ? `^${oid.slice(0, idLength - 1)}` : oid.slice(0, idLength)
    const date = formatDate(line.commit?.author ?? now, options.value('--date') ?? 'iso')
    const who = options.has('-s') ? '' : `(${nameOf(line).padEnd(nameWidth)} ${date} `
    context.out(`${id} ${who}${String(from + index).padStart(numberWidth)}) ${line.text}\n`)
  }
  return 0
}

interface Annotation {
  tip: string
  path: string
  present: string
}

/** Walks back along first parents of merges that do not explain a line, and both where they do. */
async function annotate(repository: Repository, { tip, path, present }: Annotation): Promise<Line[]> {
  const texts = splitLines(present)
  const lines: Line[] = texts.map((text) => ({ text: text.replace(/\n$/, ''), commit: null }))
  const start = await repository.text((await repository.files(tip)).get(path)?.oid ?? null)
  const first = passDown(
    splitLines(start),
    texts,
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
        const passed = passDown(old, item.version, left)
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

function rangeOf(text: string | undefined, count: number): [number, number] {
  const match = /^(\d+)?(?:,(\+?)(\d+))?$/.exec(text ?? '')
  if (!match) fatal(`-L: cannot read '${text}'; use -L <start>,<end>`)
  const from = Number(match[1] ?? 1)
  const to = match[3] === undefined ? count : match[2] ? from + Number(match[3]) - 1 : Number(match[3])
  if (from > count) fatal(`file has only ${count} lines`)
  return [from, Math.min(to, count)]
}
