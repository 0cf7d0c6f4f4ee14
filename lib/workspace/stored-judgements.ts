import type { FileData } from './files'
import type { ReviewEntry } from './review-entries'
import type { Judged, Judgement } from './review-judgement'
import { parseOutcomes } from './review-outcomes'

/** Older ones can be taken back until the page is left. */
const maxStored = 50
/** Characters or bytes of all texts together. */
const maxSize = 2_000_000

interface StoredJudged {
  path: string
  /** Where the four sides are in `texts`; -1 stands for no file. */
  data: [before: number, after: number]
  entryBefore: StoredEntry
  entryAfter: StoredEntry | null
}

type StoredEntry = [baseline: number, agents: number]

/** The newest judgements, for storage. Their sides are nearly the same texts over and over, so each is there once. */
export function packJudgements(judgements: readonly Judgement[]): unknown {
  const texts: FileData[] = []
  const places = new Map<FileData, number>()
  let size = 0
  const place = (data: FileData | null): number => {
    if (data === null) return -1
    const known = places.get(data)
    if (known !== undefined) return known
    places.set(data, texts.length)
    size += data.length
    return texts.push(data) - 1
  }
  const placeEntry = ({ baseline, agents }: ReviewEntry): StoredEntry => [place(baseline), place(agents)]
  const stored: unknown[] = []
  for (const { label, files, outcomes, outcomesBefore } of judgements.slice(-maxStored).toReversed()) {
    const fitting = texts.length
    const packed = files.map(
      ({ path, dataBefore, dataAfter, entryBefore, entryAfter }): StoredJudged => ({
        path,
        data: [place(dataBefore), place(dataAfter)],
        entryBefore: placeEntry(entryBefore),
        entryAfter: entryAfter && placeEntry(entryAfter),
      }),
    )
    if (size > maxSize) {
      texts.length = fitting
      break
    }
    stored.unshift({ label, files: packed, outcomes, outcomesBefore })
  }
  return { texts, judgements: stored }
}

/** What storage gave, as far as it has the shape. What is older than one that has not is dropped with it. */
export function unpackJudgements(saved: unknown): Judgement[] {
  if (!isRecord(saved) || !Array.isArray(saved.texts) || !Array.isArray(saved.judgements)) return []
  const texts: readonly unknown[] = saved.texts
  const read: Judgement[] = []
  for (const value of saved.judgements.toReversed()) {
    const judgement = readJudgement(value, (place) => dataAt(texts, place))
    if (judgement === null) break
    read.unshift(judgement)
  }
  return read
}

/** Undefined where there is none. */
type Texts = (place: unknown) => FileData | null | undefined

function dataAt(texts: readonly unknown[], place: unknown): FileData | null | undefined {
  if (place === -1) return null
  const data = typeof place === 'number' ? texts[place] : undefined
  return typeof data === 'string' || data instanceof Uint8Array ? data : undefined
}

function readJudgement(value: unknown, at: Texts): Judgement | null {
  if (!isRecord(value) || typeof value.label !== 'string' || !Array.isArray(value.files)) return null
  const files = value.files.map((file) => readJudged(file, at))
  if (files.length === 0 || !files.every((file) => file !== null)) return null
  const { label, outcomes, outcomesBefore } = value
  return { label, files, outcomes: parseOutcomes(outcomes), outcomesBefore: parseOutcomes(outcomesBefore) }
}

function readJudged(value: unknown, at: Texts): Judged | null {
  if (!isRecord(value) || typeof value.path !== 'string') return null
  const data = readPair(value.data, at)
  const before = readPair(value.entryBefore, at)
  const after = value.entryAfter === null ? null : readPair(value.entryAfter, at)
  if (!data || !before || after === undefined) return null
  const toEntry = ([baseline, agents]: Pair): ReviewEntry => ({ baseline, agents })
  return {
    path: value.path,
    dataBefore: data[0],
    dataAfter: data[1],
    entryBefore: toEntry(before),
    entryAfter: after && toEntry(after),
  }
}

type Pair = [FileData | null, FileData | null]

function readPair(value: unknown, at: Texts): Pair | undefined {
  if (!Array.isArray(value)) return undefined
  const [first, second] = [at(value[0]), at(value[1])]
  return first === undefined || second === undefined ? undefined : [first, second]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
