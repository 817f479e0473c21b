import type { Detector, DetectorStats, Finding } from '../detect/index.ts';
import { overlapBytes, type Part, type VisitedObject, type Visitor } from '../objects/index.ts';
import { strongestVerdict } from '../rules/index.ts';
import { findingsAt } from './expiry.ts';
import { identityOf, ownRange } from './find-visitor.ts';
import { LineCounter, type TextPlace } from './place-in-text.ts';

/** A finding looked at again in this thread: with its secret, and with its place as people say it. */
export interface LocatedFinding {
  readonly finding: Finding;
  readonly identity: string;
  /** Bytes of the object. */
  readonly start: number;
  readonly end: number;
  readonly from: TextPlace;
  readonly to: TextPlace;
  /** Lines before the message of a commit or tag, 0 of anything else. */
  readonly headerLines: number;
}

/**
 * Finds again what the workers found, in the few objects that the report shows. Secrets never cross a thread, so this is where they are
 * read; the same detector over the same bytes gives the same findings.
 */
export class LocateVisitor implements Visitor {
  readonly found = new Map<number, LocatedFinding[]>();
  readonly #makeDetector: () => Detector;
  #made: Detector | null = null;
  readonly #key: Uint8Array;
  readonly #now: number;
  readonly #texts = new Map<number, { readonly lines: LineCounter; readonly headerLines: number }>();
  #input: Uint8Array = new Uint8Array(0);

  /**
   * @param makeDetector asked with the first text, since mostly none comes. Nobody else may use it where texts come in parts.
   * @param key this run's. @param now its time, milliseconds since 1970.
   */
  constructor(makeDetector: () => Detector, key: Uint8Array, now: number) {
    this.#makeDetector = makeDetector;
    this.#now = now;
    this.#key = key;
  }

  get #detector(): Detector {
    this.#made ??= this.#makeDetector();
    return this.#made;
  }

  inputFor(sizeBytes: number): Uint8Array {
    this.#input = this.#detector.inputFor(sizeBytes);
    return this.#input;
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    const own = ownRange(length, part);
    const text = this.#input.subarray(0, length);
    const isMessage = object.type === 'commit' || object.type === 'tag';
    const state = part.isFirst
      ? { lines: new LineCounter(), headerLines: isMessage ? headerLinesOf(text) : 0 }
      : this.#texts.get(object.number);
    if (state === undefined) throw new RangeError('parts of an object come in order');
    const findings = findingsAt(this.#detector.findInInput(length, own), this.#now);
    const located = findings.map((finding) => locate(finding, text, part.offset, this.#key, state));
    if (located.length > 0) this.found.set(object.number, [...(this.found.get(object.number) ?? []), ...located]);
    if (part.isLast) this.#texts.delete(object.number);
    else {
      state.lines.pass(text, length - overlapBytes);
      this.#texts.set(object.number, state);
    }
  }

  get stats(): DetectorStats {
    return this.#detector.stats;
  }

  take(): { result: null; transfer: ArrayBuffer[] } {
    return { result: null, transfer: [] };
  }
}

/** Findings of a whole text. */
export const locateAll = (
  findings: readonly Finding[],
  text: Uint8Array,
  key: Uint8Array,
): readonly LocatedFinding[] => {
  const state = { lines: new LineCounter(), headerLines: 0 };
  return findings.map((finding) => locate(finding, text, 0, key, state));
};

const locate = (
  finding: Finding,
  text: Uint8Array,
  offset: number,
  key: Uint8Array,
  { lines, headerLines }: { readonly lines: LineCounter; readonly headerLines: number },
): LocatedFinding => {
  const unitBytes = finding.wrapping[0]?.startsWith('utf-16') ? 2 : finding.wrapping[0]?.startsWith('utf-32') ? 4 : 1;
  return {
    finding,
    identity: identityOf(finding.secret.reveal(), key),
    start: offset + finding.span.start,
    end: offset + finding.span.end,
    from: lines.placeOf(text, finding.span.start, unitBytes),
    to: lines.placeOf(text, finding.span.end, unitBytes),
    headerLines,
  };
};

/** Lines up to the message: the headers and the empty line behind them. */
const headerLinesOf = (text: Uint8Array): number => {
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) {
    lines++;
    if (text[at + 1] === 0x0a) return lines + 1;
  }
  return lines;
};

/** The one with the strongest verdict; of several the first. */
export const surest = (located: readonly LocatedFinding[]): LocatedFinding | undefined => {
  const verdict = strongestVerdict(located.map(({ finding }) => finding.judgement.verdict));
  return located.find(({ finding }) => finding.judgement.verdict === verdict);
};
