import { credentialName } from '../../rules/index.ts';
import { endOfLine, startOfLines } from './lines.ts';
import { namedElsewhere } from './member-worth.ts';
import { decodeBase64Text, maxPairs, type Pair, type Reader } from './pair.ts';
import { readAssignment, readSome, readValue } from './read-lines.ts';
import type { WorthLines } from './skim.ts';

interface State {
  /** The key at the margin below which we are. */
  top: string;
  /** The document is a Kubernetes Secret. */
  isSecret: boolean;
  /** Of a kind whose values are encrypted, or only say where the secret is. */
  isSealed: boolean;
  /** `- name: K`, waiting for the `value:` beside it. */
  named: string | null;
  /** The last key without a value of its own: the name of a block below it. */
  parent: string;
  /** The last line took its name over from one of those. */
  hasBorrowed: boolean;
}

const keyLine = /([ ]*)((?:- +)*)(?:#[ ]*)?["']?([A-Za-z_.][\w./-]{0,120})["']?[ \t]*:(?:[ \t]+|(?=\r?\n|$))/y;

/**
 * Reads scalar members of YAML line by line: quoted, bare, folded and literal blocks, `- NAME=value` lists, `name:` beside `value:`,
 * and the base64 of a Kubernetes Secret, whose every value is secret. What no judge has anything to say of may be left out.
 */
export const readYaml: Reader = (text, skim) =>
  (mayBeSealed(text) ? null : readMembers(text, skim.members)) ?? readAllYaml(text);

/** @returns null where a name may have been taken over that stands on lines which were not read. */
const readMembers = (text: string, starts: WorthLines): readonly Pair[] | null => {
  const state = newState('');
  let isKnown = true;
  const pairs = readSome(text, starts, (at, lineEnd) => {
    state.hasBorrowed = false;
    const pair = readLine(text, at, lineEnd, state);
    // Lines that were passed over can only have ended what these names stand for: they have none of a credential.
    if (state.hasBorrowed && [state.named ?? '', state.parent].some((name) => credentialName(name) !== null))
      isKnown = false;
    return pair;
  });
  return isKnown ? pairs : null;
};

/** Reads every line: what a line is called may stand on lines before it, what a document is on lines behind. */
export const readAllYaml = (text: string): readonly Pair[] => {
  const pairs: Pair[] = [];
  let state = newDocument(text, 0);
  let at = startOfLines(text);
  while (at < text.length && pairs.length < maxPairs) {
    const lineEnd = endOfLine(text, at);
    if (text.startsWith('---', at)) state = newDocument(text, lineEnd);
    const pair = state.isSealed ? null : readLine(text, at, lineEnd, state);
    if (pair !== null) pairs.push(pair);
    at = endOfLine(text, Math.max(lineEnd, pair?.span.end ?? 0)) + 1;
  }
  return pairs;
};

const documentStart = /\n---/g;
const kindLine = /(?:^|\n)["']?kind["']?[ \t]*:[ \t]*["']?(\w{1,40})["']?[ \t]*(?:#.*)?(?:\r?\n|$)/;
const sealedKinds = /^(?:SealedSecret|ExternalSecret|SecretProviderClass|(?:Cluster)?SecretStore)$/;
/** A word that all kinds have in common which change what a line says. */
const mayBeSealed = (text: string): boolean => text.includes('Secret') && /^["']?kind["']?[ \t]*:.*Secret/m.test(text);

/** `kind` may stand behind `data`. The look ahead is bounded: a file of many documents is not read over and over. */
const newDocument = (text: string, from: number): State => {
  documentStart.lastIndex = from + 1;
  const end = Math.min(documentStart.exec(text)?.index ?? text.length, from + 64 * 1024);
  const kind = kindLine.exec(text.slice(from, end))?.[1] ?? '';
  return newState(kind);
};

const newState = (kind: string): State => ({
  top: '',
  isSecret: kind === 'Secret',
  isSealed: sealedKinds.test(kind),
  named: null,
  parent: '',
  hasBorrowed: false,
});

const readLine = (text: string, at: number, lineEnd: number, state: State): Pair | null => {
  keyLine.lastIndex = at;
  const match = keyLine.exec(text);
  if (match === null || keyLine.lastIndex > lineEnd)
    return /^[ ]*- /.test(text.slice(at, at + 80)) ? readAssignment(text, at, lineEnd) : null;
  const [, indent = '', item = '', name = ''] = match;
  if (item !== '') state.named = null;
  const value = readScalar(text, keyLine.lastIndex, lineEnd, indent.length + item.length);
  if (indent === '' && item === '') state.top = name;
  if (value === null) {
    state.parent = name;
    return null;
  }
  if (/^(?:name|key)$/i.test(name)) state.named = value.value;
  if (state.isSecret && indent !== '') return plainKeys.test(name) ? null : secretPair(name, value, state.top);
  if (!namedElsewhere.includes(name.toLowerCase())) return { name, ...value };
  state.hasBorrowed = true;
  return { name: state.named ?? state.parent, ...value };
};

type Value = Pick<Pair, 'value' | 'span'>;

const readScalar = (text: string, at: number, lineEnd: number, indent: number): Value | null => {
  const start = skipProperties(text, at, lineEnd);
  const rest = text.slice(start, lineEnd);
  if (/^[|>][0-9+-]{0,2}[ \t]*(?:#.*)?\r?$/.test(rest)) return readBlock(text, lineEnd + 1, indent);
  if (/^[[{*]/.test(rest)) return null;
  return readValue(text, start, lineEnd);
};

/** An anchor (`&x`) or a tag (`!!str`) before the value; of other tags (`!vault`, `!Ref`) it is no literal, and is left for the judge. */
const skipProperties = (text: string, at: number, lineEnd: number): number => {
  const match = /^(?:&\S{1,60}[ \t]+)?(?:!!\w{1,20}[ \t]+)?/.exec(text.slice(at, lineEnd));
  return at + (match?.[0].length ?? 0);
};

/** The one line of a literal or folded block; more lines are a document of their own, which the text rules read. */
const readBlock = (text: string, at: number, indent: number): Value | null => {
  const end = endOfLine(text, at);
  const line = text.slice(at, end);
  const depth = /^ */.exec(line)?.[0].length ?? 0;
  const value = line.trim();
  if (depth <= indent || value === '') return null;
  const next = text.slice(end + 1, endOfLine(text, end + 1));
  if (next.trim() !== '' && (/^ */.exec(next)?.[0].length ?? 0) > indent) return null;
  return { value, span: { start: at + depth, end: at + depth + value.length } };
};

/** What a Secret holds beside the secret, so that a workload finds all of it in one place. */
const plainKeys =
  /^(?:user|user-?name|host|hostname|port|database|db-?name|dbname|url|endpoint|email|type|namespace|ca\.crt|tls\.crt)$/i;

const secretPair = (name: string, value: Value, top: string): Pair | null => {
  if (top === 'stringData') return { name, ...value, known: 'secret' };
  if (top !== 'data') return null;
  const decoded = decodeBase64Text(value.value);
  if (decoded === null) return null;
  return { name, value: decoded.trim(), span: value.span, known: 'secret', wrapping: 'base64' };
};
