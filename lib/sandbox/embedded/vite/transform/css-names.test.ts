import { expect, it } from 'vitest'
import { namesOfClass, renamedClasses } from './css-names'

it('names classes by the convention of the config', () => {
  expect(namesOfClass('my-big_title', null)).toEqual(['my-big_title'])
  expect(namesOfClass('my-big_title', 'camelCase')).toEqual(['my-big_title', 'myBigTitle'])
  expect(namesOfClass('my-big_title', 'camelCaseOnly')).toEqual(['myBigTitle'])
  expect(namesOfClass('my-big_title', 'dashes')).toEqual(['my-big_title', 'myBig_title'])
  expect(namesOfClass('plain', 'dashes')).toEqual(['plain'])
})

it('exports the classes of a file under their names in scripts, but for words that cannot be exported', () => {
  const code = renamedClasses('.my-title, .delete:hover { margin: .5px }', './own.css', 'camelCaseOnly')
  expect(code).toBe(`import own from "./own.css"
const names = { "myTitle": own["my-title"], "delete": own["delete"] }
export const myTitle = names["myTitle"]
export default names`)
})
