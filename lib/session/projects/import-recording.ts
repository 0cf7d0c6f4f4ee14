import type { AgentEvent } from '@/lib/agent'
import type { Cassette } from '@/lib/agent/cassette'
import { isDurable } from '@/lib/agent/events'
import { messageOf, pathProblem, VitrineError } from '@/lib/base'
import { fileAndFolder } from '@/lib/workspace'
import { addProject } from './projects'

const maxBytes = 32 * 1024 * 1024

/**
 * Makes a restricted project from a cassette: its files as they were in the end, and its conversation to be replayed.
 * Rejects with a sentence that says what is wrong with the file. Nothing that the recording names is run.
 */
export async function importRecording(file: Blob): Promise<string> {
  if (file.size > maxBytes) throw refuse(`it is larger than ${maxBytes / 1024 / 1024} MB`)
  const { parseCassette, replayCassette } = await import('@/lib/agent/cassette')
  const cassette = parseCassette(parseJson(await file.text()))
  for (const path of writtenPaths(cassette)) {
    const problem = pathProblem(path)
    if (problem !== null) throw refuse(`${path}: ${problem}`)
  }
  const { events, checkpoints, files, differences } = await replayCassette(cassette)
  const twofold = fileAndFolder(files)
  if (twofold !== null) throw refuse(`${twofold} is a file and a folder in it`)
  return addProject({
    name: cassette.title.slice(0, 100),
    files,
    restricted: true,
    origin: 'recording',
    events: [...events.filter(isDurable), ...noticeOf(differences, events.at(-1))],
    checkpoints,
  })
}

function writtenPaths({ files, turns }: Cassette): string[] {
  const written = turns.flatMap(({ edits, effects, race }) => [
    edits,
    ...Object.values(effects),
    ...(race
      ? [race.edits, ...race.runs.flatMap(({ attempts }) => attempts.flatMap((each) => Object.values(each.effects)))]
      : []),
  ])
  return [files, ...written].flatMap(Object.keys)
}

/** A recording of another version may come out otherwise: what is shown is what happens now. */
function noticeOf(differences: readonly string[], last: AgentEvent | undefined): AgentEvent[] {
  if (differences.length === 0 || !last) return []
  const message = `This recording does not play as it was recorded. ${differences.join(' ')}`
  const { seq, at, turnId } = last
  return [{ type: 'notice', level: 'warning', message, seq: seq + 1, at, turnId }]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(`it is not JSON (${messageOf(error)})`)
  }
}

function refuse(why: string): VitrineError {
  return new VitrineError('invalid_request', `The recording was not opened: ${why}.`)
}
