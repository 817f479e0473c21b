import { assertNever, invariant } from '../errors.ts';
import { type KernelAnchor, type KernelMemory, Prefilter, type TextAt } from '../kernel/index.ts';
import type { Anchor, Category, Judgement, LongRule, NearRule, Rule } from '../rules/index.ts';
import { latin1, latin1Bytes, overlaps, SecretBytes } from '../text/index.ts';
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
}

/** A part of a text: only findings that start in `[from, to)` are its own; its neighbours have the others. */
export interface OwnRange {
  readonly from: number;
  readonly to: number;
}

const whole: OwnRange = { from: 0, to: Number.POSITIVE_INFINITY };

/**
 * Rules compiled, for one thread. Either give the bytes (`find`), or fill the memory of `inputFor` and look there
 * (`findInInput`), which saves the copy.
 */
export class Detector {
  readonly stats: DetectorStats = { bytesLookedAt: 0, candidates: 0, decided: 0 };
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

  /** Memory to put the next text into; good until the next call. */
  inputFor(sizeBytes: number): Uint8Array {
    this.#inputAt = this.memory.inputFor(sizeBytes);
    return this.memory.textOf({ at: this.#inputAt, length: sizeBytes });
  }

  /** Like `find`, for the first `length` bytes of the input. */
  findInInput(length: number, own: OwnRange = whole): readonly Finding[] {
    const input = { at: this.#inputAt, length };
    this.memory.pad(input);
    const text = this.memory.textOf(input);
    const zeros = this.#prefilter.countZeros(input);
    const narrowings = narrowingsOf(text, zeros);
    const found = this.#look(input, zeros > 0, null);
    if (narrowings.length > 0) {
      const copy = text.slice();
      for (const narrowing of narrowings) {
        text.set(copy);
        const narrowed = this.#prefilter.narrow(input, narrowing);
        this.memory.pad(narrowed);
        const also = this.#look(narrowed, false, narrowing);
        found.push(
          ...also.filter((one) => !found.some((other) => other.rule === one.rule && overlaps(other.span, one.span))),
        );
      }
      text.set(copy);
    }
    return inOrder(found).filter(({ span }) => span.start >= own.from && span.start < own.to);
  }

  #look(input: TextAt, isBinary: boolean, narrowing: Narrowing | null): Finding[] {
    this.stats.bytesLookedAt += input.length;
    const candidates: { rules: readonly CompiledRule[]; start: number; size: number }[] = [];
    this.#prefilter.find(input, (anchor, start) => {
      const rules = this.#rulesOfAnchor[anchor];
      const size = this.#anchorLengths[anchor];
      invariant(rules !== undefined && size !== undefined, 'the kernel names anchors that it was given');
      candidates.push({ rules, start, size });
    });
    this.stats.candidates += candidates.length;
    const text = this.memory.textOf(input);
    const found: Finding[] = [];
    for (const { rules, start, size } of candidates) {
      for (const rule of rules) {
        if (isBinary && rule.textOnly) continue;
        this.stats.decided++;
        found.push(...rule.match(text, start, size).map((match) => findingOf(rule, match, narrowing)));
      }
    }
    return found;
  }
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly secret: Uint8Array;
  readonly prefixLength: number;
  readonly judgement: Judgement;
}

interface CompiledRule {
  readonly rule: Rule;
  readonly textOnly: boolean;
  /** @param anchorAt where an anchor of the rule stands in the text, `anchorSize` bytes. */
  readonly match: (text: Uint8Array, anchorAt: number, anchorSize: number) => readonly Match[];
}

const compile = (rule: Rule): CompiledRule => {
  switch (rule.reach) {
    case 'near':
      return { rule, textOnly: rule.textOnly === true, match: matchNear(rule) };
    case 'long':
      return { rule, textOnly: false, match: matchLong(rule) };
    case 'file':
      return { rule, textOnly: false, match: () => [] };
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

const findingOf = ({ rule }: CompiledRule, match: Match, narrowing: Narrowing | null): Finding => ({
  rule,
  span: narrowing === null ? { start: match.start, end: match.end } : widen(match, narrowing),
  secret: new SecretBytes(match.judgement.canonical ?? match.secret),
  redacted:
    match.judgement.fingerprint ?? redact(match.secret, match.prefixLength, !hiddenCategories.has(rule.category)),
  judgement: match.judgement,
  wrapping: narrowing === null ? [] : [narrowing.wrapping],
});

const widen = ({ start, end }: Match, { start: first, unitBytes }: Narrowing): { start: number; end: number } => ({
  start: first + start * unitBytes,
  end: first + end * unitBytes,
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
