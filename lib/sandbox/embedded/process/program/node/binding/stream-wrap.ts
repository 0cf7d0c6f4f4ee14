import type { Binding, BindingContext } from './context'
import { stateIndex, streamWrapOf } from './stream-base'

export function createStreamWrapBinding(context: BindingContext): Binding {
  return { ...streamWrapOf(context), ...stateIndex }
}
