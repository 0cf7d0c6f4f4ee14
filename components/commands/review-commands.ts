import { showReview } from '../review/open-review'
import {
  currentPlace,
  goToChange,
  isSomethingThere,
  judgeCurrent,
  keepAll,
  takeBack,
  undoAll,
} from '../review/review-actions'
import { type Command, type CommandContext, canChange } from './command'

const hasChanges = ({ session }: CommandContext) => session.review.state.getState().files.length > 0
/** In the review pane, and not while writing there. */
const isInReview = () => {
  const at = document.activeElement
  return at?.closest('[data-review-pane]') != null && !at.matches('textarea, input')
}
const canJudge = (context: CommandContext) => canChange(context) && hasChanges(context)

export const reviewCommands = [
  {
    id: 'review.next',
    title: 'Go to next change of the agent',
    group: 'Review',
    keys: 'F7',
    available: isSomethingThere,
    run: (context) => goToChange(context, 1),
  },
  {
    id: 'review.previous',
    title: 'Go to previous change of the agent',
    group: 'Review',
    keys: 'Shift+F7',
    available: hasChanges,
    run: (context) => goToChange(context, -1),
  },
  {
    id: 'review.keep',
    title: 'Keep this change of the agent',
    group: 'Review',
    keys: 'Mod+Enter',
    hearsKeys: isInReview,
    available: (context) => canJudge(context) && currentPlace(context) !== null,
    run: (context) => judgeCurrent(context, 'keep'),
  },
  {
    id: 'review.undo',
    title: 'Undo this change of the agent',
    group: 'Review',
    keys: 'Mod+Backspace',
    hearsKeys: isInReview,
    available: (context) => canJudge(context) && currentPlace(context) !== null,
    run: (context) => judgeCurrent(context, 'undo'),
  },
  {
    id: 'review.take-back',
    title: 'Take back the last keep or undo',
    group: 'Review',
    keys: 'Mod+Z',
    hearsKeys: isInReview,
    available: (context) => canChange(context) && context.session.review.state.getState().last !== null,
    run: takeBack,
  },
  {
    id: 'review.keep-all',
    title: 'Keep all changes of the agent',
    group: 'Review',
    available: canJudge,
    run: keepAll,
  },
  {
    id: 'review.undo-all',
    title: 'Undo all changes of the agent',
    group: 'Review',
    available: canJudge,
    run: undoAll,
  },
  {
    id: 'review.run',
    title: 'Have the changes reviewed',
    group: 'Review',
    available: canChange,
    run({ session }) {
      showReview('findings')
      return session.reviewer.start()
    },
  },
  { id: 'review.compare', title: 'Compare checkpoints…', group: 'Review', run: () => showReview('compare') },
  {
    id: 'review.paths',
    title: 'Files that need your review…',
    group: 'Review',
    run: ({ workbench }) => workbench.setOverlay('review-paths'),
  },
] as const satisfies readonly Command[]
