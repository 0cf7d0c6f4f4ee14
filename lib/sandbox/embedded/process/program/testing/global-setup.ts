import type { Runtime } from '../node/runtime'
import type { TestConfig } from './config'

type Hook = (context: object, ...more: unknown[]) => unknown

/** Runs `globalSetup` files once, before all tests; answers how to take it down again. */
export async function runGlobalSetup(
  runtime: Runtime,
  config: TestConfig,
  provided: Map<string, unknown>,
): Promise<() => Promise<void>> {
  const tearDowns: Hook[] = []
  const context = {
    provide: (key: string, value: unknown) => provided.set(key, value),
    config,
    onTestsRerun: () => undefined,
  }
  for (const path of config.globalSetup) {
    const module = (await runtime
      .createLoader({ aliases: config.aliases, conditions: config.conditions })
      .import(path)) as Record<string, unknown>
    const exported = [module.default, Reflect.get(Object(module.default), 'default')].find(
      (value) => typeof value === 'function',
    )
    const isTearDown = config.flavour === 'jest' && /teardown/i.test(path)
    const setup = (module.setup ?? exported) as Hook | undefined
    if (isTearDown && setup !== undefined) {
      tearDowns.push(setup)
      continue
    }
    const answer = await setup?.(context, {})
    if (typeof answer === 'function') tearDowns.push(answer as Hook)
    if (typeof module.teardown === 'function') tearDowns.push(module.teardown as Hook)
  }
  return async () => {
    for (const tearDown of tearDowns.reverse()) await tearDown(context, {})
  }
}
