import { readFileSync } from 'node:fs'

const counters = {
  '--lines': (text) => text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0),
  '--words': (text) => text.match(/\S+/g)?.length ?? 0,
  '--bytes': (text) => Buffer.byteLength(text),
}

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = options.find((option) => !Object.hasOwn(counters, option))
if (unknown) {
  console.error(`count: unknown option ${unknown}`)
  process.exit(2)
}
const count = counters[options[0] ?? '--words']
if (files.length === 0) console.log(count(readFileSync(0, 'utf8')))
let sum = 0
for (const file of files) {
  try {
    const found = count(readFileSync(file, 'utf8'))
    sum += found
    console.log(`${found} ${file}`)
  } catch {
    console.error(`count: ${file}: no such file`)
    process.exitCode = 1
  }
}
if (files.length > 1) console.log(`${sum} total`)
