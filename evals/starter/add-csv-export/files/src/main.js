import { people } from './people.js'

for (const { name, age } of people) console.log(`${name} (${age})`)
