/** Made by `bundle.mjs`: TypeScript's library files by name, `lib.es5.d.ts` … */
declare module 'vitrine:typescript-lib' {
  export const libFiles: Readonly<Record<string, string>>
}
