import ts from 'typescript-browser'
import type { Diagnostic, SymbolFile } from '../../types'
import { type CheckedFiles, createCheckedFiles, defaultLibPath } from './checked-files'
import { type ProjectConfig, readProjectConfigs } from './project-config'
import type { CheckedFile } from './protocol'
import { symbolGraph } from './symbol-graph'
import { toDiagnostics } from './to-diagnostics'

/** Keeps a project's files and answers what is wrong with them; only what changed is looked at again. */
export interface ProjectChecker {
  update(files: readonly CheckedFile[], replace: boolean): void
  /**
   * All files that the configuration names when `paths` is null; otherwise these, whether or not it names them. `config`:
   * the path of one that is not the root's.
   */
  check(paths: readonly string[] | null, config?: string): Diagnostic[]
  /** What the files that the configuration names export, and who uses it. */
  symbols(): SymbolFile[]
}

/** Of larger projects symbols are not looked at: parsing them all at once would make checks wait. */
const maxSymbolFiles = 1_000

export function createProjectChecker(libFiles: Readonly<Record<string, string>>): ProjectChecker {
  const files = createCheckedFiles(libFiles)
  const registry = ts.createDocumentRegistry(true, '/')
  const ofRoot = createServices()
  /** Of one folder at a time. */
  let ofFolder: { path: string; services: (config: string) => Service[] } | undefined

  function createServices() {
    let services: Service[] = []
    let shape = -1
    return (config?: string): Service[] => {
      if (shape === files.shape) return services
      shape = files.shape
      const configs = readProjectConfigs(files, config)
      // A service outlives changes of its configuration, for its parsed files are worth keeping.
      services = configs.map((each, index) => {
        const service = services[index] ?? createService(files, registry)
        service.configure(each)
        return service
      })
      return services
    }
  }

  function current(config?: string): Service[] {
    if (config === undefined) return ofRoot()
    if (ofFolder?.path !== config) ofFolder = { path: config, services: createServices() }
    return ofFolder.services(config)
  }

  return {
    update: files.update,
    check(paths, governing) {
      const all = current(governing)
      const found = all.flatMap((service) => {
        const config = service.config()
        const wanted = paths
          ? paths.map((path) => `/${path}`).filter((path) => isChecked(path) && files.exists(path))
          : config.fileNames
        const own = paths ? wanted.filter((path) => owner(all, path) === service) : wanted.filter(isChecked)
        return [...config.errors, ...service.diagnose(own)]
      })
      return toDiagnostics(found, files)
    },
    symbols() {
      const all = current()
      if (all.some((service) => service.config().fileNames.length > maxSymbolFiles)) {
        throw new Error('The project has too many files to look at all its symbols.')
      }
      return all.flatMap((service) => {
        const isOwn = (path: string) => isChecked(path) && owner(all, path) === service
        const program = service.program()
        return program ? symbolGraph(program, isOwn) : []
      })
    },
  }
}

interface Service {
  configure(config: ProjectConfig): void
  config(): ProjectConfig
  diagnose(paths: readonly string[]): ts.Diagnostic[]
  program(): ts.Program | undefined
}

/** The first configuration that names the file; a file that none names belongs to the first of all. */
function owner(services: readonly Service[], path: string): Service | undefined {
  return services.find((service) => service.config().fileNames.includes(path)) ?? services[0]
}

function createService(files: CheckedFiles, registry: ts.DocumentRegistry): Service {
  let config: ProjectConfig = { path: null, options: {}, fileNames: [], errors: [] }
  /** Files that were asked about though the configuration does not name them. */
  let guests: string[] = []
  let ambient: string[] = []
  let version = 0

  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => config.options,
      getProjectVersion: () => `${version}`,
      getScriptFileNames: () => [...ambient, ...config.fileNames, ...guests],
      getScriptVersion: (path) => files.version(path) ?? '',
      getScriptSnapshot(path) {
        const text = files.read(path)
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
      },
      getCurrentDirectory: () => '/',
      getDefaultLibFileName: defaultLibPath,
      useCaseSensitiveFileNames: () => true,
      fileExists: files.exists,
      readFile: files.read,
      directoryExists: files.directoryExists,
      getDirectories: (path) => files.entries(path).directories,
      realpath: (path) => path,
    },
    registry,
  )

  return {
    config: () => config,
    configure(next) {
      config = next
      ambient = files.ambient()
      guests = []
    },
    program() {
      version += 1
      return service.getProgram()
    },
    diagnose(paths) {
      const strangers = paths.filter((path) => !config.fileNames.includes(path))
      guests = [...new Set([...guests, ...strangers])].filter(files.exists)
      version += 1
      if (paths.length === 0) return []
      return [
        ...service.getCompilerOptionsDiagnostics(),
        ...paths.flatMap((path) => [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)]),
      ]
    },
  }
}

/** JSON and declarations are read, not judged. */
function isChecked(path: string): boolean {
  return /\.[mc]?[jt]sx?$/.test(path) && !/\.d\.[mc]?ts$/.test(path) && !path.includes('/node_modules/')
}
