import { createStore } from '@/lib/base'
import type { KnownTool, Session, ToolServerInfo, ToolServersState } from '@/lib/session/types'

const tool = (name: string, description: string, more: Partial<KnownTool> = {}): KnownTool => ({
  name,
  description,
  inputSchema: { type: 'object' },
  readOnly: false,
  on: true,
  news: null,
  ...more,
})

const server = (address: string, more: Partial<ToolServerInfo> = {}): ToolServerInfo => ({
  address,
  name: address.replace(/^https?:\/\//, ''),
  id: address,
  isOwn: false,
  givenName: '',
  token: 'none',
  signedIn: false,
  on: false,
  status: 'idle',
  problem: null,
  tools: [],
  ...more,
})

/** Servers in each state, for looking at. */
export function createSampleToolServers(): Session['toolServers'] {
  const state = createStore<ToolServersState>(() => ({
    list: 'known',
    mayAdd: true,
    problem: null,
    servers: [
      server('https://issues.example.org/mcp', {
        signedIn: true,
        on: true,
        tools: [
          tool('search_issues', 'Finds issues by words, labels and state, newest first.', { readOnly: true }),
          tool('create_issue', 'Files an issue with a title, a text in Markdown and labels.', { on: false }),
          tool('close_issue', 'Closes an issue, with a comment.', { on: false, news: 'changed' }),
          tool('merge_everything', 'Merges all open requests.', { on: false, news: 'new' }),
        ],
      }),
      server('http://localhost:8100/mcp', {
        problem: 'The server of tools cannot be used: It could not be reached.',
      }),
      server('https://notes.example.org/mcp', { name: 'My notes', givenName: 'My notes', isOwn: true, token: 'tab' }),
      server('https://weather.example.org/a-rather-long-path/mcp', { status: 'connecting' }),
    ],
  }))
  return {
    state,
    load: async () => undefined,
    refresh: async () => undefined,
    declare: async ({ address, name }, edited) =>
      state.setState(({ servers }) => ({
        servers: [
          ...servers.filter((each) => each.address !== (edited ?? address)),
          server(address, { ...(name !== '' && { name }), givenName: name, isOwn: true }),
        ],
      })),
    remove: async (address) =>
      state.setState(({ servers }) => ({ servers: servers.filter((each) => each.address !== address) })),
    forgetToken: async (address) =>
      state.setState(({ servers }) => ({
        servers: servers.map((each) => (each.address === address ? { ...each, token: 'none' } : each)),
      })),
    check: async () => ({ name: 'notes', version: '2.1.0', protocol: '2025-06-18', tools: 7 }),
    cancel: (address) =>
      state.setState(({ servers }) => ({
        servers: servers.map((each) => (each.address === address ? { ...each, status: 'idle' } : each)),
      })),
    setOn: async (address, on) =>
      state.setState(({ servers }) => ({
        servers: servers.map((each) => (each.address === address ? { ...each, on } : each)),
      })),
    setTool: (address, name, on) =>
      state.setState(({ servers }) => ({
        servers: servers.map((each) =>
          each.address === address
            ? {
                ...each,
                tools: each.tools.map((known) => (known.name === name ? { ...known, on, news: null } : known)),
              }
            : each,
        ),
      })),
  }
}
