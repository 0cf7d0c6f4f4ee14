import { describe, expect, it } from 'vitest'
import type { ProcessInfo } from '@/lib/sandbox'
import { toJobs } from './running-processes'

const process = (pid: number, parentPid: number, command: string, ports: number[] = []): ProcessInfo => ({
  pid,
  parentPid,
  command,
  startedAt: pid * 1000,
  ports,
})

describe('jobs', () => {
  it('are what terminals and the IDE started, not the shells of terminals', () => {
    const jobs = toJobs([process(2, 1, 'sh -i'), process(3, 2, 'node a.mjs'), process(4, 1, 'npm run dev')])
    expect(jobs.map(({ pid, command }) => [pid, command])).toEqual([
      [3, 'node a.mjs'],
      [4, 'npm run dev'],
    ])
  })

  it('hold the ports of all that they started', () => {
    const jobs = toJobs([
      process(2, 1, 'sh -i'),
      process(5, 2, 'npm run dev', [9000]),
      process(6, 5, 'sh -c vite'),
      process(7, 6, 'vite', [5173]),
    ])
    expect(jobs).toEqual([{ pid: 5, command: 'npm run dev', startedAt: 5000, ports: [5173, 9000] }])
  })

  it('count a child whose parent has ended as one of their own', () => {
    expect(toJobs([process(8, 3, 'node left.mjs')]).map(({ pid }) => pid)).toEqual([8])
  })

  it('of the background go by what they run', () => {
    const [job] = toJobs([
      process(2, 1, 'sh -i'),
      process(3, 2, 'sh -c node server.js'),
      process(4, 3, 'node server.js'),
    ])
    expect(job).toMatchObject({ pid: 3, command: 'node server.js' })
  })

  it('are told oldest first', () => {
    expect(toJobs([process(9, 1, 'b'), process(8, 1, 'a')]).map(({ command }) => command)).toEqual(['a', 'b'])
  })
})
