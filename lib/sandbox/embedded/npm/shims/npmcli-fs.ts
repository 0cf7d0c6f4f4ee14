import { readdirSync } from './fs'

/** The names in a `node_modules` folder, those of a scope as `@scope/name`. */
export async function readdirScoped(folder: string): Promise<string[]> {
  return (readdirSync(folder) as string[]).flatMap((name) =>
    name.startsWith('@') ? (readdirSync(`${folder}/${name}`) as string[]).map((inner) => `${name}/${inner}`) : [name],
  )
}
