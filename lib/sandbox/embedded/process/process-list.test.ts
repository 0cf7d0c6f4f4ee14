import { describe, expect, it } from 'vitest'
import type { KernelClient } from './kernel-client/kernel-client'
import { kill, ps } from './process-list'
import { createFakeHost } from './testing/fake-host'

function create(...argv: string[]) {
  const killed: string[] = []
  const { host, ...output } = createFakeHost(argv)
  const running = [
    { pid: 3, parentPid: 1, command: 'node server.js', startedAt: Date.now() - 65_000, ports: [] },
    { pid: 7, parentPid: 1, command: argv.join(' '), startedAt: Date.now(), ports: [] },
  ]
  host.list = async () => running
  host.kernel = { kill: (target, signal) => killed.push(`${signal} ${target}`) > 0 } as KernelClient
  return { host, killed, ...output }
}

describe('ps', () => {
  it('lists all processes but itself', async () => {
    const { host, stdout } = create('ps')
    expect(await ps(host)).toBe(0)
    expect(stdout()).toBe('PID  PPID      TIME  COMMAND\n  3     1  00:01:05  node server.js\n')
  })

  it.each([
    ['aux', 'USER     PID  %CPU  %MEM  VSZ  RSS  TTY  STAT', 'vitrine    3'],
    ['-ef', 'UID      PID  PPID  C  STIME  TTY', 'vitrine    3     1'],
  ])('puts the pid second with %s, where Linux has it', async (options, title, row) => {
    const { host, stdout } = create('ps', options)
    expect(await ps(host)).toBe(0)
    const lines = stdout().split('\n')
    expect([lines[0]?.startsWith(title), lines[1]?.startsWith(row)]).toEqual([true, true])
  })

  it('shows the columns and the process that are asked for', async () => {
    const { host, stdout } = create('ps', '-p', '3', '-o', 'pid=,comm=')
    expect(await ps(host)).toBe(0)
    expect(stdout()).toBe('3  node\n')
    const absent = create('ps', '-p', '99')
    expect(await ps(absent.host)).toBe(1)
    const unknown = create('ps', '-o', 'mood')
    expect(await ps(unknown.host)).toBe(1)
    expect(unknown.stderr()).toContain('mood: there is no such column')
  })
})

describe('kill', () => {
  it.each([
    [['3'], ['SIGTERM 3']],
    [['-9', '3'], ['SIGKILL 3']],
    [['-s', 'hup', '3'], ['SIGHUP 3']],
    [['-INT', '--', '-3'], ['SIGINT -3']],
  ])('sends what %j asks for', async (words, expected) => {
    const { host, killed } = create('kill', ...words)
    expect(await kill(host)).toBe(0)
    expect(killed).toEqual(expected)
  })

  it.each([
    [['99'], 'kill: (99): no such process\n'],
    [['-NOPE', '3'], 'kill: NOPE: there is no such signal; “kill -l” lists them\n'],
    [[], 'kill: say which process: kill [-signal] pid…\n'],
  ])('says what is wrong with %j', async (words, sentence) => {
    const { host, killed, stderr } = create('kill', ...words)
    expect(await kill(host)).toBe(1)
    expect([killed, stderr()]).toEqual([[], sentence])
  })
})
