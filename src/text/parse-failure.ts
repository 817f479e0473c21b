/** Bytes that are not what they claim to be: what is wrong, and at which byte. The words are ours, never scanned text. */
export interface ParseFailure {
  readonly failure: string;
  readonly at: number;
}

export const isFailure = (value: object): value is ParseFailure => 'failure' in value;
