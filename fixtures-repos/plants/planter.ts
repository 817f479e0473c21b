import { type Encoding, encode } from '../encode.ts';
import { makeSecret, type PlantedSecret, type SecretFormat } from '../secrets/index.ts';
import type { Expected, Plant, State } from './plant.ts';

export interface Seed {
  readonly id: string;
  readonly place: string;
  readonly state: State;
  readonly encoding?: Encoding;
  readonly format?: SecretFormat;
}

/** A secret that has been made for a place and waits to be put there. */
export interface Seedling {
  readonly secret: PlantedSecret;
  /** The content of a file that holds it, in the encoding asked for. */
  readonly file: Buffer;
  /** What a scan must say; called again for every further exposure of the same secret. */
  expect(expected: Expectation): void;
  /** No scan of this repository may call it a credential. */
  expectNothing(): void;
}

/** `source` is a blob and the verdict at least likely unless said otherwise. */
export type Expectation = Partial<Expected>;

/** Collects the manifest while recipes plant. Every secret is unique: what is reported has one place it can come from. */
export class Planter {
  readonly #plants: Plant[] = [];
  readonly #garden: string;

  constructor(garden: string) {
    this.#garden = garden;
  }

  get plants(): readonly Plant[] {
    return this.#plants;
  }

  plant({ id, place, state, encoding = 'utf-8', format = 'github-token' }: Seed): Seedling {
    const secret = makeSecret(`${this.#garden}/${id}`, format);
    const add = (expect: Plant['expect']): void => {
      this.#plants.push({ id: `${this.#garden}/${id}`, place, encoding, state, secret, expect });
    };
    return {
      secret,
      file: encode(secret.text, encoding),
      expect: (expected) => add({ source: 'blob', verdict: 'likely', ...expected }),
      expectNothing: () => add('absent'),
    };
  }
}
