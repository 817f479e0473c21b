/**
 * How much of a text must be read for the sake of a line. Most lines are worth nothing: their name is no credential's, and their value
 * ends where they end, so that they give nothing to judge. `line`: it must be read, with what it goes on to. `text`: all must be, for
 * what stands before it gives it its name.
 */
export type Worth = 'nothing' | 'line' | 'text';

/**
 * Tells the worth of a line from its beginning and the two lines behind it, at a small part of what reading takes. It may think too
 * much of a line, never too little.
 */
export type WorthOf = (text: string, at: number, lineEnd: number) => Worth;
