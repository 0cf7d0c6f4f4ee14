import { toCsv } from './csv.js'
import { people } from './people.js'

const columns = [
  { key: 'name', title: 'Name' },
  { key: 'age', title: 'Age' },
]
if (process.argv.includes('--csv')) process.stdout.write(toCsv(people, columns))
else for (const { name, age } of people) console.log(`${name} (${age})`)
