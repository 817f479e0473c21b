import { Detector, type Finding } from '../detect/index.ts';
import { overlapBytes, type Part, type VisitedObject, type Visitor } from '../objects/index.ts';
import type { Rule } from '../rules/index.ts';
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
  readonly #detector: Detector;
  readonly #key: Uint8Array;
  #headerLines = 0;
  #lines = new LineCounter();
  #input: Uint8Array = new Uint8Array(0);

  /** @param key this run's. */
  constructor(rules: readonly Rule[], key: Uint8Array) {
    this.#detector = new Detector(rules);
    this.#key = key;
  }

  inputFor(sizeBytes: number): Uint8Array {
    this.#input = this.#detector.inputFor(sizeBytes);
    return this.#input;
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    const own = ownRange(length, part);
    const text = this.#input.subarray(0, length);
    if (part.isFirst) {
      this.#lines = new LineCounter();
      this.#headerLines = object.type === 'commit' || object.type === 'tag' ? headerLinesOf(text) : 0;
    }
    const located = this.#detector.findInInput(length, own).map((finding) => this.#locate(finding, text, part.offset));
    if (located.length > 0) this.found.set(object.number, [...(this.found.get(object.number) ?? []), ...located]);
    if (!part.isLast) this.#lines.pass(text, length - overlapBytes);
  }

  take(): { result: null; transfer: ArrayBuffer[] } {
    return { result: null, transfer: [] };
  }

  #locate(finding: Finding, text: Uint8Array, offset: number): LocatedFinding {
    const unitBytes = finding.wrapping[0]?.startsWith('utf-16') ? 2 : finding.wrapping[0]?.startsWith('utf-32') ? 4 : 1;
    return {
      finding,
      identity: identityOf(finding.secret.reveal(), this.#key),
      start: offset + finding.span.start,
      end: offset + finding.span.end,
      from: this.#lines.placeOf(text, finding.span.start, unitBytes),
      to: this.#lines.placeOf(text, finding.span.end, unitBytes),
      headerLines: this.#headerLines,
    };
  }
}

/** Lines up to the message: the headers and the empty line behind them. */
const headerLinesOf = (text: Uint8Array): number => {
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) {
    lines++;
    if (text[at + 1] === 0x0a) return lines + 1;
  }
  return lines;
};
