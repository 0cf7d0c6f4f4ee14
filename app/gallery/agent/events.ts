import type { AgentEvent, AgentEventBody, ToolResult, Verification } from '@/lib/agent'
import type { TestReport } from '@/lib/sandbox'

const startedAt = Date.UTC(2026, 0, 15, 9, 30)

/** Gives bodies their place in a thread: one event every 400 ms. */
export function thread(turnId: string, bodies: readonly AgentEventBody[], at = startedAt): AgentEvent[] {
  return bodies.map((body, index) => ({ ...body, turnId, seq: index + 1, at: at + index * 400 }))
}

export function turnStart(
  text: string,
  mode: 'ask' | 'plan' | 'edit' = 'edit',
): Extract<AgentEventBody, { type: 'turn-start' }> {
  return { type: 'turn-start', text, mode, model: 'demo', policy: 'review', promptPack: 'v1' }
}

export function say(itemKey: string, text: string): AgentEventBody[] {
  return [
    { type: 'text-start', itemKey },
    { type: 'text-end', itemKey, text },
  ]
}

export function call(
  callId: string,
  tool: string,
  input: string,
  face: { title: string; detail: string },
  result: ToolResult,
  durationMs: number,
): AgentEventBody[] {
  return [...begin(callId, tool, input, face), { type: 'tool-end', callId, tool, result, durationMs }]
}

export function begin(
  callId: string,
  tool: string,
  input: string,
  face: { title: string; detail: string },
): AgentEventBody[] {
  return [
    { type: 'tool-call-start', callId, tool },
    { type: 'tool-call-ready', callId, tool, input },
    { type: 'tool-start', callId, tool, ...face },
  ]
}

export function report(failing: readonly string[]): TestReport {
  const names = [
    'subtotal multiplies price by quantity',
    'subtotal of an empty cart is zero',
    'discount takes a percentage off',
    'discount rounds to whole cents',
    'discount refuses more than 100 %',
    'total applies the discount',
  ]
  const tests = names.map((name) => {
    const failed = failing.includes(name)
    return {
      name,
      status: failed ? ('failed' as const) : ('passed' as const),
      durationMs: 1.2,
      ...(failed && {
        error:
          'AssertionError: expected 899.1 to be 899\n\n- Expected  899\n+ Received  899.1\n\n  at tests/discount.test.ts:14:33',
        location: { file: 'src/discount.ts', line: 4, column: 10 },
      }),
    }
  })
  return {
    passed: names.length - failing.length,
    failed: failing.length,
    skipped: 0,
    durationMs: 84,
    suites: [{ file: 'tests/discount.test.ts', tests }],
  }
}

export function verification(failing: readonly string[], rest: Partial<Verification> = {}): Verification {
  return {
    verified: failing.length === 0,
    tests: report(failing),
    affected: null,
    types: { errors: [] },
    findings: [],
    notChecked: [],
    durationMs: 412,
    ...rest,
  }
}

export function turnEnd(
  verified: boolean | null,
  rest: Partial<Extract<AgentEventBody, { type: 'turn-end' }>['result']> = {},
): AgentEventBody {
  return {
    type: 'turn-end',
    result: {
      status: 'done',
      message: '',
      verified,
      usage: {
        inputTokens: 2700,
        cachedInputTokens: 1210,
        cacheWriteTokens: 0,
        outputTokens: 420,
        reasoningTokens: 0,
        totalTokens: 3120,
      },
      steps: 5,
      durationMs: 8200,
      ...rest,
    },
  }
}
