/** The URL of a visitor's module beside this one, as source or as built. */
export const moduleUrl = (name: string): string =>
  new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;
