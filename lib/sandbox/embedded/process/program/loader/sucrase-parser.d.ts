// The parser under sucrase's public API; the package ships its types in another folder than its code.
declare module 'sucrase/dist/esm/parser/index.js' {
  export { File, parse } from 'sucrase/dist/types/parser/index'
}
declare module 'sucrase/dist/esm/parser/tokenizer/index.js' {
  export {
    IdentifierRole,
    isDeclaration,
    isTopLevelDeclaration,
    Token,
  } from 'sucrase/dist/types/parser/tokenizer/index'
}
declare module 'sucrase/dist/esm/parser/tokenizer/types.js' {
  export { TokenType } from 'sucrase/dist/types/parser/tokenizer/types'
}
declare module 'sucrase/dist/esm/identifyShadowedGlobals.js' {
  import type { Token } from 'sucrase/dist/types/parser/tokenizer/index'
  import type { Scope } from 'sucrase/dist/types/parser/tokenizer/state'
  export default function identifyShadowedGlobals(
    tokens: { tokens: Token[]; identifierNameForToken(token: Token): string },
    scopes: Scope[],
    globalNames: Set<string>,
  ): void
}
