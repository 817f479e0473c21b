import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import type { Mutate } from './mutate.ts';
import { Random } from './random.ts';

export interface Fuzzing<Answer> {
  /** Good inputs; also the place to build the repositories that git is asked in. */
  readonly seeds: () => Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  readonly mutate: Mutate;
  /** What git says of each of some inputs. */
  readonly ask: (inputs: readonly Uint8Array[]) => readonly Answer[];
  /** Throws where our parser and git differ, or where ours does what it must not. */
  readonly check: (input: Uint8Array, answer: Answer) => void;
  /** How many inputs an ordinary run tries, so that it is the same everywhere and short. */
  readonly rounds: number;
}

/**
 * Holds a parser to git on broken input: every seed as it is, every kept crash (crashes/NAME/*.hex), then mutated seeds.
 * UNLEAK_FUZZ_SEED chooses others, UNLEAK_FUZZ_SECONDS goes on for so long, UNLEAK_FUZZ_KEEP=1 keeps what fails as a crash.
 */
export const fuzz = <Answer>(name: string, fuzzing: Fuzzing<Answer>): void => {
  const seconds = Number(process.env['UNLEAK_FUZZ_SECONDS'] ?? 0);
  const seed = Number(process.env['UNLEAK_FUZZ_SEED'] ?? 1);
  test(
    `${name}: differs from git on no broken input`,
    async () => {
      const good = await fuzzing.seeds();
      tryAll(name, [...crashesOf(name), ...good], fuzzing);
      const random = new Random(seed * 7919 + hashOf(name));
      const until = performance.now() + seconds * 1000;
      for (let round = 0; seconds > 0 ? performance.now() < until : round < fuzzing.rounds; round += batch) {
        const inputs = Array.from({ length: batch }, () => fuzzing.mutate(random.pick(good), random));
        tryAll(name, inputs, fuzzing);
      }
    },
    60_000 + seconds * 2000,
  );
};

const batch = 50;

const tryAll = <Answer>(name: string, inputs: readonly Uint8Array[], { ask, check }: Fuzzing<Answer>): void => {
  for (const [i, answer] of ask(inputs).entries()) {
    const input = inputs[i] ?? new Uint8Array();
    try {
      check(input, answer);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : 'failed'}\ninput: ${shown(name, input)}`, {
        cause: error,
      });
    }
  }
};

const shown = (name: string, input: Uint8Array): string => {
  const hex = Buffer.from(input).toString('hex');
  if (process.env['UNLEAK_FUZZ_KEEP'] === '1') keep(name, hex);
  return hex.length > 4000 ? `${hex.slice(0, 4000)}… (${input.length} bytes)` : hex;
};

const crashes = fileURLToPath(new URL('crashes', import.meta.url));

const crashesOf = (name: string): Uint8Array[] => {
  const folder = join(crashes, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => Buffer.from(readFileSync(join(folder, file), 'latin1').replace(/\s+/g, ''), 'hex'));
};

const keep = (name: string, hex: string): void => {
  const folder = join(crashes, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${hashOf(hex).toString(16)}.hex`), `${hex.replace(/.{100}/g, '$&\n')}\n`);
};

const hashOf = (text: string): number => {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  return hash;
};
