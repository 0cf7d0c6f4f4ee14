/** The release of git whose output is printed here. */
export const gitVersion = '2.39.0'
