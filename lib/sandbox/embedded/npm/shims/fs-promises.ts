import * as sync from './fs'

type Arguments<Name extends keyof typeof sync> = (typeof sync)[Name] extends (...values: infer Values) => unknown
  ? Values
  : never

export const lstat = async (...values: Arguments<'lstatSync'>) => sync.lstatSync(...values)
export const stat = async (...values: Arguments<'statSync'>) => sync.statSync(...values)
export const readFile = async (...values: Arguments<'readFileSync'>) => sync.readFileSync(...values)
export const readdir = async (...values: Arguments<'readdirSync'>) => sync.readdirSync(...values)
export const readlink = async (...values: Arguments<'readlinkSync'>) => sync.readlinkSync(...values)
export const writeFile = async (...values: Arguments<'writeFileSync'>) => sync.writeFileSync(...values)
export const rm = async (...values: Arguments<'rmSync'>) => sync.rmSync(...values)
export const mkdir = async (...values: Arguments<'mkdirSync'>) => sync.mkdirSync(...values)
export const realpath = async (path: string) => sync.realpathSync(path)
