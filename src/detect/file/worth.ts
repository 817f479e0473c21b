/**
 * Tells whether a line must be read, from its beginning and the two lines behind it, at a small part of what reading takes. Most need not:
 * their name is no credential's, and their value ends where they end, so that they give nothing to judge. It may think too much of a
 * line, never too little.
 */
export type IsWorthReading = (text: string, at: number, lineEnd: number) => boolean;
