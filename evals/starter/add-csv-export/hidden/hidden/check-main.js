import { execSync } from 'node:child_process'

const print = (args) => execSync(`node src/main.js ${args}`).toString()
const csv = print('--csv').replace(/\r\n$/, '').trimEnd()
const expected = 'Name,Age\r\nAda Lovelace,36\r\n"Grace Hopper, Rear Admiral",85\r\nKonrad Zuse,85'
if (csv !== expected) throw new Error(`--csv printed ${JSON.stringify(csv)}`)
if (!print('').startsWith('Ada Lovelace (36)\n')) throw new Error('Without --csv it prints something else than before.')
