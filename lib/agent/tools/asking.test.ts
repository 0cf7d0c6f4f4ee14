import { describe, expect, it } from 'vitest'
import type { Answers, QuestionSet } from '../events'
import { foldHistory } from '../history'
import { call, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run } from '../testing/world'
import { emptyThread, foldThread } from '../view/thread-view'

const questions = [
  { id: 'store', question: 'Where shall it be kept?', options: ['localStorage', 'a file'] },
  { id: 'name', question: 'What is it called?' },
]
const script = [reply(call('c1', 'ask_user', { questions })), reply(say('Done.'))]

describe('ask_user', () => {
  it('hands the questions to the user and their answers to the model', async () => {
    const asked: QuestionSet[] = []
    const ask = async (set: QuestionSet): Promise<Answers> => {
      asked.push(set)
      return { store: 'a file', name: 'Notes' }
    }
    const { events } = await run(createWorld(), script, { dependencies: { ask } })
    expect(asked[0]?.questions).toEqual([questions[0], { ...questions[1], options: [] }])
    expect(outputs(events).c1).toBe(
      'the user answered\nstore: Where shall it be kept?\n  answer: a file\nname: What is it called?\n  answer: Notes',
    )
    const parts = events.reduce(foldThread, emptyThread).turns[0]?.parts
    expect(parts?.find(({ type }) => type === 'question')).toMatchObject({
      state: 'answered',
      answers: { name: 'Notes' },
    })
  })

  it('does not say that the user let the agent decide when the turn ended before the answer', async () => {
    const { events } = await run(createWorld(), script, { dependencies: { ask: async () => null } })
    const end = events.find(({ type }) => type === 'turn-end')
    const cut = [...events.filter(({ type }) => /^(turn-start|question-request)$/.test(type)), ...(end ? [end] : [])]
    const parts = cut.reduce(foldThread, emptyThread).turns[0]?.parts
    expect(parts).toMatchObject([{ type: 'question', state: 'dropped', answers: null }])
  })

  it('tells the model to choose when the user would rather not say, and when nobody can be asked', async () => {
    const declined = await run(createWorld(), script, { dependencies: { ask: async () => null } })
    const alone = await run(createWorld(), script)
    expect(outputs(declined.events).c1).toContain('did not want to answer')
    expect(outputs(alone.events).c1).toContain('did not want to answer')
  })

  it('takes ids that every object has, and refuses one id for two questions', async () => {
    const odd = ['constructor', '__proto__', 'toString'].map((id) => ({ id, question: 'Why?' }))
    const odds = [reply(call('c1', 'ask_user', { questions: odd })), reply(say('Ok.'))]
    const { events } = await run(createWorld(), odds, {
      dependencies: { ask: async () => ({ ['__proto__']: 'Because.' }) },
    })
    expect(outputs(events).c1).toBe(
      'the user answered\nconstructor: Why?\n  answer: (none)\n__proto__: Why?\n  answer: Because.\ntoString: Why?\n  answer: (none)',
    )
    const twice = [
      { id: 'a', question: 'Why?' },
      { id: 'a', question: 'How?' },
    ]
    const refused = await run(createWorld(), [reply(call('c1', 'ask_user', { questions: twice })), reply(say('Ok.'))])
    expect(outputs(refused.events).c1).toContain('each question needs an id of its own')
  })

  it('refuses more than three questions at once, and says how many are allowed', async () => {
    const many = Array.from({ length: 4 }, (_, index) => ({ id: `q${index}`, question: 'Why?' }))
    const { events } = await run(createWorld(), [reply(call('c1', 'ask_user', { questions: many })), reply(say('Ok.'))])
    expect(outputs(events).c1).toMatch(/was not run: .*3/)
  })

  it('asks again after a reload in the middle, and once only', async () => {
    const world = createWorld()
    const controller = new AbortController()
    const first = run(world, script, { dependencies: { ask: () => new Promise(() => {}) }, signal: controller.signal })
    await expect.poll(() => ofType(world.journal, 'question-request').length).toBe(1)
    const before = [...world.journal]
    controller.abort()
    await first
    world.journal.splice(0, world.journal.length, ...before)
    const resumed = await run(world, [reply(say('Done.'))], {
      dependencies: { ask: async () => ({ store: 'a file', name: 'Notes' }), interrupted: before },
    })
    expect(resumed.result.status).toBe('done')
    expect(ofType(world.journal, 'tool-end')).toHaveLength(1)
    expect(JSON.stringify(foldHistory(world.journal))).toContain('answer: Notes')
  })
})

describe('preview', () => {
  const report = {
    url: '/index.html',
    title: 'Shop',
    console: [{ level: 'error', text: 'x is not defined', count: 2 }],
    error: { message: 'x is not defined', place: { path: 'src/a.ts', line: 3 } },
    text: 'Buy',
  }

  it('shows console, errors and visible text', async () => {
    const { events } = await run(createWorld(), [reply(call('c1', 'preview', {})), reply(say('Done.'))], {
      dependencies: { preview: { look: async () => report } },
    })
    expect(outputs(events).c1).toBe(
      '/index.html “Shop”: 1 error\nuncaught error at src/a.ts:3: x is not defined\nconsole:\n[error] ×2 x is not defined\nvisible text:\nBuy',
    )
  })

  it('says why there is nothing to see', async () => {
    const look = async () => Promise.reject(new Error('Nothing listens on port 9.'))
    const { events } = await run(createWorld(), [reply(call('c1', 'preview', { port: 9 })), reply(say('Done.'))], {
      dependencies: { preview: { look } },
    })
    expect(outputs(events).c1).toBe('Nothing listens on port 9.')
  })
})
