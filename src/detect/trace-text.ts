import { plainNarrow } from '../kernel/index.ts';
import type { Anchor, NearRule, Rule, Verdict } from '../rules/index.ts';
import { latin1 } from '../text/index.ts';
import { Detector, longBytes, nearBytes } from './detector.ts';
import { type Narrowing, narrowingsOf } from './text-encoding.ts';

/** What became of one anchor. Holds nothing of the text but the anchor, which is the rule's own. */
export interface AnchorTrace {
  readonly rule: string;
  readonly anchor: string;
  /** Byte offset of the anchor in the source. */
  readonly at: number;
  /**
   * `reported`: a finding; `no-match`: what stands around it does not have the rule's shape; `declined`: it has, and the
   * rule's own checks say that it is no credential; `text-only`: the rule does not look into binaries.
   */
  readonly outcome: 'reported' | 'no-match' | 'declined' | 'text-only';
  /** Of the finding, else null. */
  readonly verdict: Verdict | null;
  readonly detail: string;
  /** `utf-16le` …, where the text was narrowed first. */
  readonly wrapping: string | null;
}

/**
 * Which anchors stand near a place, and what their rules made of them. Slow and thorough, where the detector is fast: it asks
 * one rule at a time. By place, then rule.
 * @param offset byte in `bytes`; null: everywhere.
 */
export const traceText = (bytes: Uint8Array, rules: readonly Rule[], offset: number | null): readonly AnchorTrace[] => {
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const views = [
    plainView(bytes, zeros > 0),
    ...narrowingsOf(bytes, zeros).map((narrowing) => narrowedView(bytes, narrowing)),
  ];
  return views
    .flatMap((view) => rules.flatMap((rule) => traceRule(view, rule, offset)))
    .sort((a, b) => a.at - b.at || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
};

/** The text as rules read it, and the way back to offsets of the source. */
interface View {
  readonly bytes: Uint8Array;
  readonly lower: string;
  readonly text: string;
  readonly isBinary: boolean;
  readonly wrapping: string | null;
  readonly start: number;
  readonly unitBytes: number;
}

const plainView = (bytes: Uint8Array, isBinary: boolean): View => {
  const text = latin1(bytes);
  return { bytes, text, lower: lowerAscii(text), isBinary, wrapping: null, start: 0, unitBytes: 1 };
};

const narrowedView = (bytes: Uint8Array, narrowing: Narrowing): View => ({
  ...plainView(plainNarrow(bytes, narrowing), false),
  ...narrowing,
});

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const traceRule = (view: View, rule: Rule, offset: number | null): readonly AnchorTrace[] => {
  const place = offset === null ? null : Math.floor((offset - view.start) / view.unitBytes);
  const reach = rule.reach === 'long' ? rule.maxBytes : nearBytes;
  const hits = rule.anchors.flatMap((anchor) =>
    placesOf(anchor, view, place === null ? null : { from: place - reach, to: place + reach }).map((at) => ({
      anchor,
      at,
    })),
  );
  if (hits.length === 0) return [];
  const detector = new Detector([rule]);
  return hits.map(({ anchor, at }) => ({
    rule: rule.id,
    anchor: anchor.text,
    at: view.start + at * view.unitBytes,
    wrapping: view.wrapping,
    ...outcomeOf({ view, rule, detector }, anchor, at),
  }));
};

/** More of one anchor in one text say nothing new. */
const mostPlaces = 50;

const placesOf = (
  anchor: Anchor,
  view: View,
  near: { readonly from: number; readonly to: number } | null,
): readonly number[] => {
  const text = anchor.ignoreCase ? view.lower : view.text;
  const wanted = anchor.ignoreCase ? lowerAscii(anchor.text) : anchor.text;
  const places: number[] = [];
  const end = near?.to ?? text.length;
  for (
    let at = text.indexOf(wanted, Math.max(0, near?.from ?? 0));
    at >= 0 && at <= end;
    at = text.indexOf(wanted, at + 1)
  ) {
    places.push(at);
    if (places.length === mostPlaces) break;
  }
  return places;
};

interface Asked {
  readonly view: View;
  readonly rule: Rule;
  /** Of that rule alone. */
  readonly detector: Detector;
}

type Outcome = Pick<AnchorTrace, 'outcome' | 'verdict' | 'detail'>;

const outcomeOf = ({ view, rule, detector }: Asked, anchor: Anchor, at: number): Outcome => {
  if (rule.reach === 'near' && rule.textOnly && view.isBinary) {
    return { outcome: 'text-only', verdict: null, detail: 'the rule does not look into binary files' };
  }
  const reach = rule.reach === 'long' ? longBytes : nearBytes;
  const from = Math.max(0, at - 2 * reach);
  const part = view.bytes.subarray(from, at + anchor.text.length + 2 * reach);
  // A part of a UTF-16 text could be taken for one again; what is narrowed has no zeros, so it cannot.
  const finding = detector
    .find(part)
    .find(({ span }) => span.start <= at - from + anchor.text.length + reach && span.end >= at - from - reach);
  if (finding) {
    const { verdict, reasons } = finding.judgement;
    return { outcome: 'reported', verdict, detail: reasons[0]?.detail ?? 'it has the shape of the rule' };
  }
  if (rule.reach === 'near' && patternCovers(rule, view.text, anchor, at)) {
    return {
      outcome: 'declined',
      verdict: null,
      detail: 'the shape is right, and the checks of the rule say that it is no credential',
    };
  }
  return { outcome: 'no-match', verdict: null, detail: 'what stands around it does not have the shape of the rule' };
};

const patternCovers = (rule: NearRule, text: string, anchor: Anchor, at: number): boolean => {
  const from = Math.max(0, at - nearBytes);
  const window = text.slice(from, at + anchor.text.length + nearBytes);
  const pattern = new RegExp(rule.pattern.source, [...new Set(`${rule.pattern.flags}g`)].join(''));
  return [...window.matchAll(pattern)].some(
    (match) => match.index <= at - from && match.index + match[0].length >= at - from + anchor.text.length,
  );
};
