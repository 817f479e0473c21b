import type { Run } from '../../kernel/index.ts';
import { isAssignmentWorthReading } from './assignment-worth.ts';
import { endOfLine, startOfLines } from './lines.ts';
import { isMemberWorthReading } from './member-worth.ts';
import type { IsWorthReading } from './worth.ts';

/** Where the lines start that have to be read, in order. */
export type WorthLines = readonly number[];

/** What is known of a text's lines, by who reads them; absent where nobody did. */
export interface SkimmedLines {
  readonly members?: WorthLines;
  readonly assignments?: WorthLines;
}

/** The lines of a text that was made by a delta, and the runs of it that are copies. */
export interface InheritedLines {
  readonly base: SkimmedLines;
  readonly runs: readonly Run[];
}

/** Tells readers which lines of a text they have to read. Of a text made by a delta, only new lines are looked at. */
export class Skim {
  readonly #text: string;
  readonly #inherited: InheritedLines | null;
  #known: SkimmedLines = {};

  constructor(text: string, inherited: InheritedLines | null = null) {
    this.#text = text;
    this.#inherited = inherited;
  }

  /** For a reader of YAML. */
  get members(): WorthLines {
    const known = this.#known.members;
    if (known !== undefined) return known;
    const members = this.#skim(isMemberWorthReading, this.#inherited?.base.members);
    this.#known = { ...this.#known, members };
    return members;
  }

  /** For a reader of lines of assignments. */
  get assignments(): WorthLines {
    const known = this.#known.assignments;
    if (known !== undefined) return known;
    const assignments = this.#skim(isAssignmentWorthReading, this.#inherited?.base.assignments);
    this.#known = { ...this.#known, assignments };
    return assignments;
  }

  /** What was asked for so far. */
  get known(): SkimmedLines {
    return this.#known;
  }

  #skim(isWorth: IsWorthReading, base: WorthLines | undefined): WorthLines {
    const lines = new LinesOfWorth(this.#text, isWorth);
    // Before the first line there is no newline that a run could bring along.
    lines.readTo(0);
    if (base !== undefined) {
      for (const run of this.#inherited?.runs ?? []) {
        lines.readTo(run.start);
        lines.inherit(base, run);
      }
    }
    lines.readTo(this.#text.length);
    return lines.found;
  }
}

class LinesOfWorth {
  readonly found: number[] = [];
  readonly #text: string;
  readonly #isWorth: IsWorthReading;
  /** Where the next line starts. */
  #next: number;

  constructor(text: string, isWorth: IsWorthReading) {
    this.#text = text;
    this.#isWorth = isWorth;
    this.#next = startOfLines(text);
  }

  /** Looks at the next lines, up to the one that `place` is in. */
  readTo(place: number): void {
    const text = this.#text;
    const last = Math.max(place, startOfLines(text));
    let at = this.#next;
    while (at <= last && at < text.length) {
      const lineEnd = endOfLine(text, at);
      if (this.#isWorth(text, at, lineEnd)) this.found.push(at);
      at = lineEnd + 1;
    }
    this.#next = at;
  }

  /** Takes over what the base knows of the next lines, as far as they and the two behind them are of the run. */
  inherit(base: readonly number[], { start, baseStart, length }: Run): void {
    let end = start + length;
    for (let lines = 0; lines < 3; lines++) {
      if (end <= this.#next) return;
      end = this.#text.lastIndexOf('\n', end - 1);
    }
    const shift = start - baseStart;
    for (let index = firstFrom(base, this.#next - shift); index < base.length; index++) {
      const at = (base[index] ?? 0) + shift;
      if (at > end) break;
      this.found.push(at);
    }
    this.#next = Math.max(this.#next, end + 1);
  }
}

/** Index of the first that is `place` or more. */
const firstFrom = (list: readonly number[], place: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
};
