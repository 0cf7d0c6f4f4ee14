import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import * as z from 'zod'

const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/, 'must be a path within the project')
const limit = z.number().positive()
const taskSchema = z.strictObject({
  title: z.string().min(1),
  prompt: z.string().min(1),
  limits: z.strictObject({ steps: limit, tokens: limit, seconds: limit, dollars: limit }).partial().default({}),
  judge: z
    .strictObject({ tests: z.array(path).min(1).optional(), command: z.string().min(1).optional() })
    .refine(({ tests, command }) => tests || command, 'needs “tests”, a “command”, or both'),
})

/**
 * A task of a suite. `files` is what the agent finds; `hidden` joins them when its work is judged, and so do the named
 * tests as they were at the start: nothing that the agent changed in them counts.
 * @typedef {{ name: string, title: string, prompt: string, files: Record<string, string>, hidden: Record<string, string>,
 *   solution: Record<string, string> | null,
 *   limits: { steps?: number, tokens?: number, seconds?: number, dollars?: number },
 *   judge: { tests?: string[], command?: string } }} Task
 */

/** @returns {boolean} whether the folder holds tasks: sub-folders with a `task.json` */
export function isSuite(folder) {
  return readdirSync(folder).some((name) => existsSync(join(folder, name, 'task.json')))
}

/** The folder's tasks by name. Throws a sentence that names the file and what is wrong in it. @returns {Task[]} */
export function readSuite(folder) {
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'task.json')))
    .map((name) => readTask(folder, name))
}

function readTask(suite, name) {
  const folder = join(suite, name)
  const file = join(folder, 'task.json')
  const task = { name, ...parse(file) }
  const [files, hidden, solution] = ['files', 'hidden', 'solution'].map((part) => readTexts(join(folder, part)))
  if (files === null) throw new Error(`${folder} has no folder “files”, which the agent would start with.`)
  const missing = task.judge.tests?.find((test) => !(test in files) && !(hidden !== null && test in hidden))
  if (missing) throw new Error(`${file}: judge.tests names ${missing}, which is neither in “files” nor in “hidden”.`)
  return { ...task, files, hidden: hidden ?? {}, solution }
}

function parse(file) {
  let value
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${error.message}`, { cause: error })
  }
  const { data, error } = taskSchema.safeParse(value)
  if (data) return data
  const [issue] = error.issues
  throw new Error(`${file}: ${issue.path.join('.') || 'the task'}: ${issue.message}`)
}

/** Path → text of all files below, or null when there is no such folder. */
function readTexts(folder) {
  if (!existsSync(folder)) return null
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return Object.fromEntries(
    entries.map((entry) => {
      const file = join(entry.parentPath ?? entry.path, entry.name)
      try {
        return [relative(folder, file).replaceAll(sep, '/'), decoder.decode(readFileSync(file))]
      } catch (error) {
        throw new Error(`${file} is no text; tasks are made of text files.`, { cause: error })
      }
    }),
  )
}

/** The agent's files as they are judged. @param {Task} task */
export function withHidden({ files, hidden, judge }, own) {
  const tests = (judge.tests ?? []).filter((test) => test in files)
  return { ...own, ...Object.fromEntries(tests.map((test) => [test, files[test]])), ...hidden }
}
