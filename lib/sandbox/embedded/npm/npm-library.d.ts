// What we use of npm's library; the packages bring no types.

declare module '@npmcli/arborist' {
  export interface ArboristEdge {
    name: string
    spec: string
    rawSpec: string
    type: string
    error: 'MISSING' | 'INVALID' | 'PEER LOCAL' | 'DETACHED' | null
    valid: boolean
    overridden?: boolean
    to: ArboristNode | null
    from: ArboristNode
  }

  export interface ArboristNode {
    name: string
    packageName: string
    version: string
    location: string
    path: string
    realpath: string
    resolved: string | null
    integrity: string | null
    package: Record<string, unknown> & {
      name?: string
      version?: string
      bin?: Record<string, string>
      deprecated?: string
    }
    isLink: boolean
    isRoot: boolean
    isProjectRoot: boolean
    isWorkspace: boolean
    inert: boolean
    /** Comes inside a package that bundles it; what the project itself bundles does not. */
    inDepBundle: boolean
    extraneous: boolean
    dev: boolean
    optional: boolean
    hasInstallScript: boolean
    target: ArboristNode
    children: Map<string, ArboristNode>
    edgesOut: Map<string, ArboristEdge>
    edgesIn: Set<ArboristEdge>
    inventory: Map<string, ArboristNode>
    errors: Error[]
    meta: {
      loadedFromDisk: boolean
      hiddenLockfile: boolean
      toString(options?: { format?: boolean | string }): string
    }
    shouldOmit(omit: Set<string>): boolean
    explain(): import('./explain').Explained
    toString(): string
  }

  export interface BuildOptions {
    add?: string[]
    rm?: string[]
    update?: boolean | { names: string[] }
    saveType?: 'prod' | 'dev' | 'optional' | 'peer'
    preferDedupe?: boolean
  }

  export default class Arborist {
    constructor(options: Record<string, unknown>)
    idealTree: ArboristNode
    buildIdealTree(options?: BuildOptions & { save?: boolean }): Promise<ArboristNode>
    loadActual(): Promise<ArboristNode>
    loadVirtual(): Promise<ArboristNode>
  }
}

declare module '@npmcli/package-json' {
  export default class PackageJson {
    static readonly normalizeSteps: readonly string[]
    content: Record<string, unknown>
    fromContent(content: Record<string, unknown>): this
    normalize(options: { steps: string[] }): Promise<this>
  }
}

declare module 'npm-package-arg' {
  export interface PackageSpec {
    type: 'tag' | 'version' | 'range' | 'alias' | 'git' | 'remote' | 'file' | 'directory'
    registry?: boolean
    name: string | null
    raw: string
    rawSpec: string
    fetchSpec: string | null
    subSpec?: PackageSpec
  }
  function npa(spec: string, where?: string): PackageSpec
  namespace npa {
    function resolve(name: string, spec: string, where?: string): PackageSpec
  }
  export default npa
}

declare module 'npm-install-checks' {
  /** Throws when the manifest's `os`, `cpu` and `libc` leave this machine out. */
  export function checkPlatform(
    manifest: object,
    force: boolean,
    environment: { os: string; cpu: string; libc: string },
  ): void
}

declare module 'npm-pick-manifest' {
  export default function pickManifest<Manifest>(
    packument: { name: string; versions: Record<string, Manifest> },
    wanted: string,
    options: { before?: Date | null; nodeVersion?: string },
  ): Manifest
}

declare module 'npm-packlist' {
  import type { ArboristNode } from '@npmcli/arborist'

  export default function packlist(tree: ArboristNode): Promise<string[]>
}
