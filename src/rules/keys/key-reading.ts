import type { PublicKey } from './public-key.ts';

/** What the bytes of a private key say, whatever form they came in. */
export type KeyReading =
  /** It parses and its parts fit together. `key` is null where no public half can be computed (post-quantum keys). */
  | {
      readonly state: 'plain';
      readonly key: PublicKey | null;
      readonly name: string;
      /** What its owner wrote beside it, mostly `user@host`: hostile text. */
      readonly comment?: string;
    }
  /** `how` names the cipher and what slows guessing down; `weak` says why that is little. */
  | {
      readonly state: 'encrypted';
      readonly key: PublicKey | null;
      readonly how: string;
      readonly weak: string | null;
    }
  /** A handle of a key that lies in hardware. */
  | { readonly state: 'stub'; readonly key: PublicKey | null; readonly name: string; readonly where: string }
  /**
   * Built like a key, but nothing proves it: cut, scrambled, or of a kind that is not known. `fits`: its outermost length is
   * that of the bytes, so nothing is missing.
   */
  | { readonly state: 'unproved'; readonly name: string; readonly why: string; readonly fits: boolean };
