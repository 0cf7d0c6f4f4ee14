/** Commands of packages are put in place by `bins.ts`. */
export const getPaths = (): string[] => []
