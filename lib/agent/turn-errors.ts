import { type ErrorCode, errorTable, messageOf, VitrineError } from '@/lib/base'
import type { ModelFailure } from '@/lib/models'
import type { TurnResult } from './events'

type TurnError = NonNullable<TurnResult['error']>

export function fromModel({ code, message }: ModelFailure): TurnError {
  return { code, message, action: actionFor(code) }
}

export function fromThrown(error: unknown): TurnError {
  const code: ErrorCode = error instanceof VitrineError ? error.code : 'internal_error'
  return { code, message: messageOf(error), action: actionFor(code) }
}

function actionFor(code: string): string {
  return code in errorTable ? errorTable[code as ErrorCode].action : 'Try again or pick another model.'
}
