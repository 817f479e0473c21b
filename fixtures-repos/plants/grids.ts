import type { Files, RepoBuilder } from '../build-repo.ts';
import { type Encoding, encodings } from '../encode.ts';
import { type SecretFormat, secretFormats } from '../secrets/index.ts';
import type { Planter, Seedling } from './planter.ts';

/** A dotenv value is one because its file is called so. */
const fileName = (format: SecretFormat): string => (format === 'dotenv-value' ? '.env' : `${format}.conf`);

/** In bytes that are no text only what names itself is looked for. */
const needText: readonly SecretFormat[] = ['aws-key', 'postgres-uri', 'dotenv-value'];

const wrappings: Partial<Record<Encoding, readonly string[]>> = {
  'utf-16le': ['utf-16le'],
  'utf-16le-bom': ['utf-16le'],
  'utf-16be': ['utf-16be'],
  'utf-16be-bom': ['utf-16be'],
  'utf-32le-bom': ['utf-32le'],
};

/** Every format in every encoding. */
export const plantEncodings = (r: RepoBuilder, p: Planter): void => {
  r.commit('start', { 'readme.txt': 'A shop.\n' });
  const pairs = encodings.flatMap((encoding) => secretFormats.map((format) => ({ encoding, format })));
  const planted = pairs
    .filter(({ encoding, format }) => encoding !== 'nul' || !needText.includes(format))
    .map(({ encoding, format }) => {
      const seed = { id: `${encoding}/${format}`, place: 'file', state: 'in-a-tip', encoding, format } as const;
      return {
        path: `${encoding}/${format}/${fileName(format)}`,
        wrapping: wrappings[encoding] ?? [],
        ...p.plant(seed),
      };
    });
  const introduced = r.commit('every encoding', filesOf(planted));
  for (const { path, wrapping, expect } of planted) {
    expect({ path, introduced, removed: null, inTips: true, reachable: true, wrapping });
  }
};

/** Every format in every state. */
export const plantStates = (r: RepoBuilder, p: Planter): void => {
  r.commit('start', { 'readme.txt': 'A shop.\n' });
  const row = (state: 'in-a-tip' | 'deleted' | 're-introduced' | 'unreachable') =>
    secretFormats.map((format) => ({
      path: `${state}/${format}/${fileName(format)}`,
      ...p.plant({ id: `${state}/${format}`, place: 'file', state, format }),
    }));
  const [tips, deleted, again, lost] = [row('in-a-tip'), row('deleted'), row('re-introduced'), row('unreachable')];
  const first = r.commit('add everything', filesOf([...tips, ...deleted, ...again]));
  const gone = r.commit('remove some', without([...deleted, ...again]));
  const second = r.commit('bring some back', filesOf(again));
  r.git('checkout', '--quiet', '--detach');
  const unreachable = r.commit('on no branch', filesOf(lost));
  r.checkout('main');
  for (const { path, expect } of tips)
    expect({ path, introduced: first, removed: null, inTips: true, reachable: true });
  for (const { path, expect } of deleted) {
    expect({ path, introduced: first, removed: gone, inTips: false, reachable: true });
  }
  for (const { path, expect } of again) {
    expect({ path, introduced: first, removed: gone, inTips: false, reachable: true });
    expect({ path, introduced: second, removed: null, inTips: true, reachable: true });
  }
  for (const { path, expect } of lost) {
    expect({ path, introduced: unreachable, removed: null, inTips: false, reachable: false });
  }
};

type Placed = Seedling & { readonly path: string };
const filesOf = (placed: readonly Placed[]): Files => Object.fromEntries(placed.map(({ path, file }) => [path, file]));
const without = (placed: readonly Placed[]): Files => Object.fromEntries(placed.map(({ path }) => [path, null]));
