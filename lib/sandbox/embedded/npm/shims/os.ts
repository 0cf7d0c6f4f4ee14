export const EOL = '\n'
export const homedir = (): string => '/home/project'
export const tmpdir = (): string => '/tmp'
export const platform = (): string => 'linux'
export const arch = (): string => 'x64'
export const cpus = (): object[] => [{}, {}, {}, {}]
export const availableParallelism = (): number => 4
