/** A server of tools that a user declared is named by headers of one request to our own route, and kept nowhere there. */
export const toolServerHeaders = { address: 'x-vitrine-tool-server', token: 'x-vitrine-tool-token' } as const
