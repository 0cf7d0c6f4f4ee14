import ts from 'typescript-browser'
import type { SymbolFile } from '../../types'

type FileSymbol = SymbolFile['symbols'][number]

/** Checks wait while it works, so it stops with an error after this many milliseconds. */
const budgetMs = 2_000
const maxSignature = 100

/** What a name in a file stands for: something that another file of the project exports. */
interface Target {
  path: string
  name: string
}

/**
 * What each file of a program offers, and what it uses of the others, as TypeScript resolves names: renamed, re-exported
 * and default exports count for the file that defines them. `isOwn` says which files belong to the project.
 */
export function symbolGraph(program: ts.Program, isOwn: (path: string) => boolean): SymbolFile[] {
  // Binding all files is not counted: checks need it as well, and it is kept.
  const checker = program.getTypeChecker()
  const until = performance.now() + budgetMs
  const goOn = () => {
    if (performance.now() > until) throw new Error('The project is too large to look at all its symbols.')
  }
  const sources = program.getSourceFiles().filter(({ fileName }) => isOwn(fileName))
  const usedIn = new Map<string, Set<string>>()
  const uses = new Map<string, Map<string, number>>()
  for (const source of sources) {
    goOn()
    const counts = new Map<string, number>()
    for (const [target, count] of usesOf(source, checker)) {
      if (target.path === source.fileName || !isOwn(target.path)) continue
      counts.set(target.path, (counts.get(target.path) ?? 0) + count)
      const key = keyOf(target)
      usedIn.set(key, (usedIn.get(key) ?? new Set()).add(source.fileName))
    }
    uses.set(source.fileName, counts)
  }
  return sources.map((source) => {
    goOn()
    return {
      path: relative(source.fileName),
      symbols: exportsOf(source, checker).map(({ key, ...symbol }) => ({
        ...symbol,
        usedIn: usedIn.get(key)?.size ?? 0,
      })),
      uses: [...(uses.get(source.fileName) ?? [])].map(([path, count]) => [relative(path), count]),
    }
  })
}

/** Each imported thing with how often the file names it; a re-export names it once. */
function usesOf(source: ts.SourceFile, checker: ts.TypeChecker): [Target, number][] {
  const byName = new Map<string, Target>()
  const namespaces = new Map<string, string>()
  const found = new Map<string, [Target, number]>()
  const count = (target: Target | null) => {
    if (!target) return
    const entry = found.get(keyOf(target)) ?? [target, 0]
    entry[1] += 1
    found.set(keyOf(target), entry)
  }
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {}
      const names = [
        name,
        ...(namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.map((each) => each.name) : []),
      ]
      for (const each of names) {
        const target = each && targetOf(checker.getSymbolAtLocation(each), checker)
        if (each && target) byName.set(each.text, target)
      }
      const module = moduleOf(statement.moduleSpecifier, checker)
      if (namedBindings && ts.isNamespaceImport(namedBindings) && module)
        namespaces.set(namedBindings.name.text, module)
      else if (!statement.importClause && module) count({ path: module, name: '' })
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      const listed =
        statement.exportClause && ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements : null
      if (listed) for (const each of listed) count(targetOf(checker.getSymbolAtLocation(each.name), checker))
      else {
        const module = moduleOf(statement.moduleSpecifier, checker)
        if (module) count({ path: module, name: '' })
      }
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    if (ts.isIdentifier(node)) {
      const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
      if (!isMember) count(byName.get(node.text) ?? null)
      const module = isMember ? undefined : namespaces.get(node.text)
      if (module !== undefined) count({ path: module, name: memberNamed(node) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return [...found.values()]
}

function memberNamed({ parent }: ts.Identifier): string {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text
  return ts.isQualifiedName(parent) ? parent.right.text : ''
}

function targetOf(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): Target | null {
  if (!symbol) return null
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const declaration = meant.declarations?.[0]
  return declaration ? { path: declaration.getSourceFile().fileName, name: meant.name } : null
}

function moduleOf(specifier: ts.Expression, checker: ts.TypeChecker): string | null {
  return checker.getSymbolAtLocation(specifier)?.declarations?.[0]?.getSourceFile().fileName ?? null
}

/** What the file itself defines and exports, in the order of its lines. */
function exportsOf(source: ts.SourceFile, checker: ts.TypeChecker): (Omit<FileSymbol, 'usedIn'> & { key: string })[] {
  const module = checker.getSymbolAtLocation(source)
  if (!module) return []
  return checker
    .getExportsOfModule(module)
    .flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declaration = symbol.declarations?.[0]
      if (!declaration || declaration.getSourceFile() !== source) return []
      const named = ts.getNameOfDeclaration(declaration)
      const name = exported.name === 'default' ? (named?.getText(source) ?? 'default') : exported.name
      const line = source.getLineAndCharacterOfPosition(declaration.getStart(source)).line + 1
      const key = keyOf({ path: source.fileName, name: symbol.name })
      return [{ key, name, line, ...describe(symbol, declaration, { name, checker }) }]
    })
    .sort((a, b) => a.line - b.line)
}

function describe(
  symbol: ts.Symbol,
  declaration: ts.Declaration,
  { name, checker }: { name: string; checker: ts.TypeChecker },
): Pick<FileSymbol, 'kind' | 'signature'> {
  if (symbol.flags & ts.SymbolFlags.Class) return { kind: 'class', signature: name }
  if (!(symbol.flags & ts.SymbolFlags.Value)) return { kind: 'type', signature: name }
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration)
  const [call] = type.getCallSignatures()
  if (call) {
    const whole = oneLine(`${name}${checker.signatureToString(call, declaration)}`)
    return { kind: 'function', signature: whole.length <= maxSignature ? whole : `${name}()` }
  }
  const whole = oneLine(`${name}: ${checker.typeToString(type, declaration)}`)
  return { kind: 'value', signature: whole.length <= maxSignature / 2 ? whole : name }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

function keyOf({ path, name }: Target): string {
  return `${path}#${name}`
}

function relative(path: string): string {
  return path.replace(/^\//, '')
}
