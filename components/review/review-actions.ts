import type { CommandContext } from '@/components/commands/command'
import { plural } from '@/lib/base'
import type { ReviewResult } from '@/lib/session/types'
import { looseNotes } from './findings/find-loose-notes'
import { openReview, type ReviewPlace, showDiff } from './open-review'
import { nextPlace, placesOf, resolvePlace } from './review-cursor'

type Verb = 'keep' | 'undo'

/** There is a change to judge, or something that the user began to write about one that is gone. */
export function isSomethingThere({ session }: Pick<CommandContext, 'session'>): boolean {
  const state = session.review.state.getState()
  return state.files.length > 0 || looseNotes(state).drafts.length > 0
}

/** Goes to the change `step` further; opens the pane at the first when it is closed. */
export function goToChange({ session, workbench }: CommandContext, step: 1 | -1): void {
  const { files } = session.review.state.getState()
  const { view, at } = openReview.getState()
  const place = view === 'changes' ? nextPlace(files, at, step) : resolvePlace(files, at)
  if (place === null && !isSomethingThere({ session })) return
  // Whoever asks for a change wants to be there, not where they were writing.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  openReview.setState({ view: 'changes', at: place })
  workbench.showNarrow('editor')
}

/** Keeps or undoes one change and goes to the next. */
export function judgePlace(context: CommandContext, verb: Verb, { path, hunkId }: ReviewPlace): void {
  const { review } = context.session
  const next = nextPlace(review.state.getState().files, { path, hunkId }, 1)
  const result = hunkId === null ? review[verb](path) : review[verb](path, hunkId)
  if (result.ok) openReview.setState({ at: next })
  else context.toast({ text: result.reason, tone: 'bad' })
}

/** The change in front of the user. */
export function judgeCurrent(context: CommandContext, verb: Verb): void {
  const place = currentPlace(context)
  if (place !== null) judgePlace(context, verb, place)
}

export function currentPlace({ session }: CommandContext): ReviewPlace | null {
  const { view, at } = openReview.getState()
  return view === 'changes' ? resolvePlace(session.review.state.getState().files, at) : null
}

export function judgeFile(context: CommandContext, verb: Verb, path: string): void {
  report(context, context.session.review[verb](path), { silent: verb === 'keep' })
}

/** Files that need the user stay, and are shown one by one. */
export function keepAll(context: CommandContext): void {
  const { review } = context.session
  const result = review.keep()
  const left = result.ok ? result.left : []
  const [first] = left
  if (first === undefined) {
    report(context, result, { silent: true })
    return
  }
  showDiff(first)
  context.workbench.showNarrow('editor')
  const count = left.length
  context.toast({
    text: `${plural(count, 'file')} ${count === 1 ? 'needs' : 'need'} your own look. Keep or undo ${count === 1 ? 'it' : 'each'} here.`,
  })
}

export function undoAll(context: CommandContext): void {
  report(context, context.session.review.undo(), { silent: false })
}

/** Takes the last judgement back, and goes to what it brings back. */
export function takeBack({ session, toast }: CommandContext): void {
  const { review } = session
  const { last, files } = review.state.getState()
  const before = new Set(placesOf(files).map(nameOf))
  const result = review.takeBack()
  if (!result.ok) {
    toast({ text: result.reason, tone: 'bad' })
    return
  }
  const back = placesOf(review.state.getState().files).find((place) => !before.has(nameOf(place)))
  if (back) openReview.setState({ at: back })
  if (openReview.getState().view !== 'changes') toast({ text: `Taken back: ${last}.` })
}

function nameOf({ path, hunkId }: ReviewPlace): string {
  return `${path}#${hunkId}`
}

/** Says what was not done, and offers the way back where the review is not in front of the user. */
function report(context: CommandContext, result: ReviewResult, { silent }: { silent: boolean }): void {
  const { toast, session } = context
  if (!result.ok) {
    toast({ text: result.reason, tone: 'bad' })
    return
  }
  const { last } = session.review.state.getState()
  const action = {
    label: 'Take back',
    run: () => session.review.state.getState().last === last && takeBack(context),
  }
  if (result.left.length > 0) {
    toast({ text: `Where you have typed in the agent’s lines, nothing was undone: ${result.left.join(', ')}.`, action })
  } else if (!silent && openReview.getState().view !== 'changes') toast({ text: `Done: ${last}.`, action })
}
