/** What the app is started with to have its model on a port of this machine. */
export function modelOn(port) {
  return {
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    VITRINE_MODELS: 'bench-model',
    VITRINE_REQUESTS_PER_MINUTE: '100000',
  }
}
