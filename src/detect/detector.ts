import { assertNever, invariant } from '../errors.ts';
import { type Change, type KernelAnchor, type KernelMemory, Prefilter, type TextAt } from '../kernel/index.ts';
import type { Anchor, Category, Judgement, LongRule, NearRule, Rule } from '../rules/index.ts';
import { latin1, latin1Bytes, overlaps, SecretBytes } from '../text/index.ts';
import { CopiedRuns } from './copied-runs.ts';
import type { Finding } from './finding.ts';
import { redact } from './redact.ts';
import { type Narrowing, narrowingsOf } from './text-encoding.ts';

/** A near rule decides from at most this many bytes on either side of its anchor. */
export const nearBytes = 256;
/** A long rule decides from at most this many. */
export const longBytes = 64 * 1024;

/** What was done, for `coverage.stats`: a loss of speed fails a test without a clock. */
export interface DetectorStats {
  bytesLookedAt: number;
  candidates: number;
  decided: number;
  /** Findings that moved along with a copy, undecided. */
  inherited: number;
}

const noStats: DetectorStats = { bytesLookedAt: 0, candidates: 0, decided: 0, inherited: 0 };

/** A part of a text: only findings that start in `[from, to)` are its own; its neighbours have the others. */
export interface OwnRange {
  readonly from: number;
  readonly to: number;
}

/** What was found in a text, and what a text that was made of it by a delta may inherit. */
export interface Look {
  /** By place, then rule. */
  readonly findings: readonly Finding[];
  /** By place; null where nothing is inherited: the bytes as a whole decided how to read the text. */
  readonly carried: readonly Carried[] | null;
}

/** A candidate that led to something, or that a long rule must decide again wherever its surroundings changed. */
interface Carried {
  readonly anchor: number;
  readonly at: number;
  readonly rule: CompiledRule;
  /** Their places count from the anchor's. */
  readonly findings: readonly Finding[];
}

/**
 * Rules compiled, for one thread. Either give the bytes (`find`), or look where they stand in its memory (`look`, `lookAround`),
 * which saves the copy.
 */
export class Detector {
  readonly stats: DetectorStats = { ...noStats };
  readonly #prefilter: Prefilter;
  readonly #rulesOfAnchor: readonly (readonly CompiledRule[])[];
  readonly #anchorLengths: readonly number[];
  #inputAt = 0;

  constructor(rules: readonly Rule[]) {
    const byAnchor = new Map<string, { anchor: Anchor; rules: CompiledRule[] }>();
    for (const rule of rules) {
      const compiled = compile(rule);
      for (const anchor of rule.anchors) {
        const key = `${anchor.ignoreCase === true} ${anchor.assigned === true} ${anchor.text}`;
        const entry = byAnchor.get(key);
        if (entry === undefined) byAnchor.set(key, { anchor, rules: [compiled] });
        else entry.rules.push(compiled);
      }
    }
    const entries = [...byAnchor.values()];
    this.#rulesOfAnchor = entries.map((entry) => entry.rules);
    this.#anchorLengths = entries.map((entry) => entry.anchor.text.length);
    this.#prefilter = new Prefilter(entries.map((entry) => kernelAnchor(entry.anchor)));
  }

  /** All findings of a text, by place, then rule. */
  find(bytes: Uint8Array): readonly Finding[] {
    this.inputFor(bytes.length).set(bytes);
    return this.findInInput(bytes.length);
  }

  /** Texts that stand in it are looked at without a copy. */
  get memory(): KernelMemory {
    return this.#prefilter.memory;
  }

  /** What was done since the last call. */
  takeStats(): DetectorStats {
    const { ...stats } = this.stats;
    Object.assign(this.stats, noStats);
    return stats;
  }

  /** Memory to put the next text into; good until the next call. */
  inputFor(sizeBytes: number): Uint8Array {
    this.#inputAt = this.memory.inputFor(sizeBytes);
    return this.memory.textOf({ at: this.#inputAt, length: sizeBytes });
  }

  /** Like `find`, for the first `length` bytes of the input. */
  findInInput(length: number, own?: OwnRange): readonly Finding[] {
    const input = { at: this.#inputAt, length };
    this.memory.pad(input);
    const { findings } = this.look(input);
    if (own === undefined) return findings;
    return findings.filter(({ span }) => span.start >= own.from && span.start < own.to);
  }

  /** Looks at a whole text, which is padded with zeros. */
  look(text: TextAt): Look {
    const zeros = this.#prefilter.countZeros(text);
    const carried = this.#lookWhole(text, zeros > 0);
    if (zeros === 0) return { findings: findingsOf(carried), carried };
    return { findings: inOrder(this.#withNarrowings(text, zeros, [...findingsOf(carried)])), carried: null };
  }

  /**
   * Looks at a text of which the base was looked at already: only around what is new. The result is what `look` gives.
   * A near rule decides from the window around its anchor: where that was copied whole, its finding moves along. A long rule's candidate
   * moves along too, and is decided again where what it depends on was not copied whole.
   */
  lookAround(text: TextAt, change: Change, base: Look): Look {
    // A text with a zero byte is read in other ways, which all of its bytes decide.
    if (base.carried === null || change.hasNewZeros) return this.look(text);
    const runs = new CopiedRuns(this.memory, change);
    const carried: Carried[] = [];
    this.#inherit(text, runs, base.carried, carried);
    this.stats.bytesLookedAt += this.#prefilter.findAround(text, change, nearBytes, (anchor, at) => {
      if (!runs.isInOne(at - nearBytes, at + this.#lengthOf(anchor) + nearBytes))
        this.#decide(text, anchor, at, false, carried);
    });
    if (carried.length === 0) return nothing;
    carried.sort(byPlace);
    return { findings: findingsOf(carried), carried };
  }

  #inherit(text: TextAt, runs: CopiedRuns, base: readonly Carried[], carried: Carried[]): void {
    if (base.length === 0) return;
    const lengthOf = (anchor: number): number => this.#lengthOf(anchor);
    runs.forEachCopied(base, nearBytes, lengthOf, (one, at) => {
      const reach = Math.max(one.rule.reachBytes, lengthOf(one.anchor));
      if (one.rule.rule.reach === 'long' && !runs.isInOne(at - reach, at + reach)) {
        carried.push(this.#carry(text, one.anchor, at, one.rule));
      } else {
        this.stats.inherited += one.findings.length;
        carried.push({ ...one, at });
      }
    });
  }

  #lookWhole(text: TextAt, isBinary: boolean): Carried[] {
    this.stats.bytesLookedAt += text.length;
    const carried: Carried[] = [];
    this.#prefilter.find(text, (anchor, at) => this.#decide(text, anchor, at, isBinary, carried));
    return carried.sort(byPlace);
  }

  /** The same bytes read as wider characters: what they say beyond what is found already. */
  #withNarrowings(text: TextAt, zeros: number, found: Finding[]): Finding[] {
    const bytes = this.memory.textOf(text);
    const narrowings = narrowingsOf(bytes, zeros);
    if (narrowings.length === 0) return found;
    const copy = bytes.slice();
    for (const narrowing of narrowings) {
      bytes.set(copy);
      const narrow = this.#prefilter.narrow(text, narrowing);
      this.memory.pad(narrow);
      const also = inOrder(findingsOf(this.#lookWhole(narrow, false)).map((one) => widened(one, narrowing)));
      found.push(
        ...also.filter((one) => !found.some((other) => other.rule === one.rule && overlaps(other.span, one.span))),
      );
    }
    bytes.set(copy);
    this.memory.pad(text);
    return found;
  }

  #decide(text: TextAt, anchor: number, at: number, isBinary: boolean, carried: Carried[]): void {
    this.stats.candidates++;
    for (const rule of this.#rulesOfAnchor[anchor] ?? []) {
      if (isBinary && rule.textOnly) continue;
      const one = this.#carry(text, anchor, at, rule);
      if (one.findings.length > 0 || rule.rule.reach === 'long') carried.push(one);
    }
  }

  #carry(text: TextAt, anchor: number, at: number, rule: CompiledRule): Carried {
    this.stats.decided++;
    const matches = rule.match(this.memory.textOf(text), at, this.#lengthOf(anchor));
    return { anchor, at, rule, findings: matches.map((match) => findingOf(rule, match, at)) };
  }

  #lengthOf(anchor: number): number {
    const length = this.#anchorLengths[anchor];
    invariant(length !== undefined, 'the kernel names anchors that it was given');
    return length;
  }
}

const nothing: Look = { findings: [], carried: [] };

/** No two candidates of one text are equal in this: so order is never by chance. */
const byPlace = (a: Carried, b: Carried): number =>
  a.at - b.at || a.anchor - b.anchor || (a.rule.rule.id < b.rule.rule.id ? -1 : 1);

const findingsOf = (carried: readonly Carried[]): readonly Finding[] =>
  inOrder(
    carried.flatMap(({ at, findings }) =>
      findings.map((finding) => ({
        ...finding,
        span: { start: at + finding.span.start, end: at + finding.span.end },
      })),
    ),
  );

interface Match {
  readonly start: number;
  readonly end: number;
  readonly secret: Uint8Array;
  readonly prefixLength: number;
  readonly judgement: Judgement;
}

interface CompiledRule {
  readonly rule: Rule;
  /** How far on either side of its anchor it may look. */
  readonly reachBytes: number;
  readonly textOnly: boolean;
  /** @param anchorAt where an anchor of the rule stands in the text, `anchorSize` bytes. */
  readonly match: (text: Uint8Array, anchorAt: number, anchorSize: number) => readonly Match[];
}

const compile = (rule: Rule): CompiledRule => {
  switch (rule.reach) {
    case 'near':
      return { rule, reachBytes: nearBytes, textOnly: rule.textOnly === true, match: matchNear(rule) };
    case 'long':
      return { rule, reachBytes: rule.maxBytes, textOnly: false, match: matchLong(rule) };
    case 'file':
      return { rule, reachBytes: 0, textOnly: false, match: () => [] };
    default:
      return assertNever(rule);
  }
};

const likely: Judgement = {
  verdict: 'likely',
  reasons: [{ kind: 'format', verdict: 'likely', detail: 'it has the format that the provider gives out' }],
};

const matchNear = (rule: NearRule): CompiledRule['match'] => {
  const isSticky = rule.startsAtAnchor === true;
  const pattern = new RegExp(
    rule.pattern.source,
    [...new Set(`${rule.pattern.flags}dg${isSticky ? 'y' : ''}`)].join(''),
  );
  return (text, anchorAt, anchorSize) => {
    const from = Math.max(0, anchorAt - nearBytes);
    const window = latin1(text, from, Math.min(text.length, anchorAt + anchorSize + nearBytes));
    const anchor = { start: anchorAt - from, end: anchorAt - from + anchorSize };
    const matches: Match[] = [];
    pattern.lastIndex = isSticky ? anchor.start : 0;
    for (let match = pattern.exec(window); match !== null; match = pattern.exec(window)) {
      if (match.index > anchor.start) break;
      const end = match.index + match[0].length;
      if (end === match.index) pattern.lastIndex++;
      if (end < anchor.end) continue;
      const secret = match.groups?.['secret'] ?? match[0];
      const span = match.indices?.groups?.['secret'] ?? [match.index, end];
      const judgement = rule.judge?.({
        secret,
        groups: match.groups ?? {},
        before: window.slice(0, span[0]),
        after: window.slice(span[1]),
      });
      if (judgement === null) continue;
      const prefixLength = match.groups?.['prefix']?.length ?? 0;
      const bytes = latin1Bytes(secret);
      matches.push({
        start: from + span[0],
        end: from + span[1],
        secret: bytes,
        prefixLength,
        judgement: judgement ?? likely,
      });
    }
    return matches;
  };
};

const matchLong = (rule: LongRule): CompiledRule['match'] => {
  invariant(rule.maxBytes <= longBytes, `rule ${rule.id} reaches no further than parts of a large text overlap`);
  return (text, anchorAt) => {
    const from = Math.max(0, anchorAt - rule.maxBytes);
    const window = text.subarray(from, Math.min(text.length, anchorAt + rule.maxBytes));
    const match = rule.find(window, anchorAt - from);
    if (match === null) return [];
    // Copied: the text stands in memory that the next one overwrites.
    const secret = match.secret.slice();
    return [{ start: from + match.start, end: from + match.end, secret, prefixLength: 0, judgement: match.judgement }];
  };
};

/** Of these nothing is shown: any character of a password helps to guess it, and of a key's body nobody knows a part. */
const hiddenCategories: ReadonlySet<Category> = new Set([
  'password',
  'connection-string',
  'private-key',
  'key-store',
  'generic',
  'file',
]);

const findingOf = ({ rule }: CompiledRule, match: Match, from: number): Finding => ({
  rule,
  span: { start: match.start - from, end: match.end - from },
  secret: new SecretBytes(match.judgement.canonical ?? match.secret),
  redacted:
    match.judgement.fingerprint ?? redact(match.secret, match.prefixLength, !hiddenCategories.has(rule.category)),
  judgement: match.judgement,
  wrapping: [],
});

const widened = (finding: Finding, { start: first, unitBytes, wrapping }: Narrowing): Finding => ({
  ...finding,
  span: { start: first + finding.span.start * unitBytes, end: first + finding.span.end * unitBytes },
  wrapping: [wrapping],
});

/** By place, then rule; each once, though several anchors of a rule may lead to the same match. */
const inOrder = (found: readonly Finding[]): readonly Finding[] => {
  if (found.length < 2) return found;
  const sorted = [...found].sort(
    (a, b) =>
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0),
  );
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return (
      before === undefined ||
      before.rule !== finding.rule ||
      before.span.start !== finding.span.start ||
      before.span.end !== finding.span.end
    );
  });
};

const kernelAnchor = ({ text, ignoreCase, assigned }: Anchor): KernelAnchor => ({
  bytes: latin1Bytes(text),
  ignoreCase: ignoreCase === true,
  assigned: assigned === true,
});
