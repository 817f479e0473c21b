import { latin1, latin1Bytes } from '../text/index.ts';
import { byShape, type Judge } from './judge.ts';
import type { Anchor, LongMatch, LongRule, Maker, NearRule } from './rule.ts';

/** What follows a token's prefix: how it is matched, what must not follow it, and how one is made. */
export interface Body {
  /** Source of a regular expression without groups. */
  readonly source: string;
  /** Characters that would make the token longer, as in a character class. */
  readonly end: string;
  readonly make: (make: Maker) => string;
}

const repeat = (least: number, most: number): string => (least === most ? `{${least}}` : `{${least},${most}}`);

export const base62Body = (least: number, most = least): Body => ({
  source: `[0-9A-Za-z]${repeat(least, most)}`,
  end: 'A-Za-z0-9_',
  make: (make) => make.base62(most),
});
export const hexBody = (least: number, most = least): Body => ({
  source: `[0-9a-f]${repeat(least, most)}`,
  end: 'A-Za-z0-9_',
  make: (make) => make.hex(most),
});
export const base64urlBody = (least: number, most = least): Body => ({
  source: `[A-Za-z0-9_-]${repeat(least, most)}`,
  end: 'A-Za-z0-9_-',
  make: (make) => make.base64url(most),
});
export const bodyOfAlphabet = (characters: string, alphabet: string, least: number, most = least): Body => ({
  source: `[${characters}]${repeat(least, most)}`,
  end: 'A-Za-z0-9_',
  make: (make) => make.of(alphabet, most),
});
/** 8-4-4-4-12 hexadecimal digits. */
export const uuidBody: Body = {
  source: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  end: 'A-Za-z0-9_-',
  make: (make) => [8, 4, 4, 4, 12].map((length) => make.hex(length)).join('-'),
};

type Shared = Pick<
  NearRule,
  'id' | 'provider' | 'title' | 'category' | 'severity' | 'attack' | 'rotate' | 'docs' | 'textOnly'
>;

interface TokenFacts extends Shared {
  /** Every one of them is public and stands at the token's head. */
  readonly prefixes: readonly string[];
  readonly body: Body;
  /** Where the prefixes are too short, or a rarer part stands inside. */
  readonly anchors?: readonly string[];
  readonly judge?: Judge;
  readonly examples?: readonly ((make: Maker) => string)[];
  readonly nearMisses?: readonly ((make: Maker) => string)[];
}

/**
 * A token that is told by its prefix, alphabet and length. Examples are one of each prefix, near misses one that is cut
 * short and one that only ends a longer word; a rule adds those that its format needs.
 */
export const token = (facts: TokenFacts): NearRule => {
  const { prefixes, body, anchors = prefixes, judge = byShape(), examples, nearMisses = [], ...shared } = facts;
  return {
    ...shared,
    reach: 'near',
    anchors: anchors.map((text) => ({ text })),
    pattern: tokenPattern(prefixes, body),
    judge,
    examples: examples ?? prefixes.map((prefix) => (make: Maker) => `token: "${prefix}${body.make(make)}"`),
    nearMisses: [
      ...prefixes
        .slice(0, 1)
        .flatMap((prefix) => [
          (make: Maker) => `token: "${prefix}${body.make(make).slice(0, 6)}"`,
          (make: Maker) => `word${prefix}${body.make(make)}`,
        ]),
      ...nearMisses,
    ],
  };
};

/** Words end at a blank, a quote, a sign; also at `\n` in an escaped string and at `%3D` in a URL. */
export const wordStart = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))`;

/**
 * For bodies that may hold a dash: none may stand before, or in a text that repeats a prefix every piece of it would be
 * tried as a token. One word and a dash may: `acme-glpat-…` is how an instance marks its own.
 */
const dashedStart = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=(?<![A-Za-z0-9_-])[A-Za-z0-9]{1,20}-)|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))`;

export const tokenPattern = (prefixes: readonly string[], body: Body): RegExp => {
  const heads = prefixes.map(escapePattern).join('|');
  const start = body.end.endsWith('-') ? dashedStart : wordStart;
  return new RegExp(`${start}(?<secret>(?<prefix>${heads})${body.source})(?![${body.end}])`);
};

export const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

interface NamedFacts extends Shared {
  /** Lower case, `_` also stands for `-`, `.` and nothing: `dd_api_key` is `DD-API-KEY` and `ddApiKey` too. */
  readonly names: readonly string[];
  /** What the rest of the name has to hold, as alternatives of a pattern; nothing where the names say enough. */
  readonly rest?: string;
  readonly body: Body;
  readonly judge?: Judge;
  readonly nearMisses?: readonly ((make: Maker) => string)[];
}

/** A value without a prefix of its own: the name that it is assigned to tells what it is. */
export const named = (facts: NamedFacts): NearRule => {
  const { names, rest = '', body, judge = byShape(), nearMisses = [], ...shared } = facts;
  const heads = names.map((name) => escapePattern(name).replaceAll('_', '[_.-]?')).join('|');
  const demand = rest === '' ? '' : `(?=[A-Za-z0-9_.-]{0,24}(?:${rest}))`;
  const pattern = new RegExp(
    `(?:${heads})${demand}[A-Za-z0-9_.-]{0,32}[ \\t"'\`\\])]{0,4}[=:>]{1,3}[ \\t"'\`([{]{0,4}(?<secret>${body.source})(?![${body.end}])`,
    'i',
  );
  const exact = new RegExp(`^${body.source}$`);
  const word = rest.split('|')[0] ?? '';
  const exampleName = (names[0] ?? '') + (word === '' || names[0]?.includes(word) ? '' : `_${word}`);
  return {
    ...shared,
    reach: 'near',
    textOnly: true,
    anchors: names.flatMap((name) => spellings(name).map((text) => ({ text, ignoreCase: true, assigned: true }))),
    pattern,
    // The names match in either case, the value only in its own.
    judge: (match) => (exact.test(match.secret) ? judge(match) : null),
    examples: [
      (make) => `${exampleName.toUpperCase()}=${body.make(make)}`,
      (make) => `"${exampleName}": "${body.make(make)}"`,
    ],
    nearMisses: [
      (make) => `${exampleName} = ${body.make(make).slice(0, 6)}`,
      (make) => `unrelated_thing = ${body.make(make)}`,
      ...nearMisses,
    ],
  };
};

/** With `_`, `-`, `.` and nothing between its words. */
const spellings = (name: string): readonly string[] =>
  name.includes('_') ? ['_', '-', '.', ''].map((between) => name.replaceAll('_', between)) : [name];

interface LongTokenFacts extends Shared {
  readonly anchors: readonly Anchor[];
  /** The most bytes from the anchor to the token's end. */
  readonly maxBytes: number;
  /** The most bytes from the token's start to the anchor; 8 where the anchor is the start. */
  readonly leadBytes?: number;
  /** As a near rule's, run on the window of `maxBytes`. */
  readonly pattern: RegExp;
  readonly judge: Judge;
  readonly examples: readonly ((make: Maker) => string)[];
  readonly nearMisses: readonly ((make: Maker) => string)[];
}

/** A token that may be longer than a near rule's window. */
export const longToken = (facts: LongTokenFacts): LongRule => {
  const { pattern, judge, leadBytes = 8, ...shared } = facts;
  const sticky = new RegExp(pattern.source, `${pattern.flags}dy`);
  return {
    ...shared,
    reach: 'long',
    find: (text, anchorAt) => {
      const from = Math.max(0, anchorAt - leadBytes);
      const window = latin1(text, from, Math.min(text.length, anchorAt + facts.maxBytes));
      return findInWindow(window, from, anchorAt - from, sticky, judge);
    },
  };
};

/**
 * Tries the few places before the anchor where a match that covers it can start, and no other: looking on through the window
 * would make hostile text, an anchor every few bytes, cost a window for each of them.
 * @param at where the anchor starts, in the window.
 */
const findInWindow = (window: string, from: number, at: number, sticky: RegExp, judge: Judge): LongMatch | null => {
  for (let tried = 0; tried <= at; tried++) {
    sticky.lastIndex = tried;
    const match = sticky.exec(window);
    const span = match?.indices?.groups?.['secret'];
    if (match === null || span === undefined || match.index + match[0].length <= at) continue;
    const [start, end] = span;
    const secret = window.slice(start, end);
    const judgement = judge({
      secret,
      groups: match.groups ?? {},
      before: window.slice(Math.max(0, start - 256), start),
      after: window.slice(end, end + 256),
    });
    return judgement === null ? null : { start: from + start, end: from + end, secret: latin1Bytes(secret), judgement };
  }
  return null;
};
