import {
  isAtLeastAsSure,
  type PathRule,
  type Rule,
  type Severity,
  severities,
  type Verdict,
  verdicts,
} from '../rules/index.ts';

/** One place where a credential was seen: a finding without its secret. */
export interface Sighting {
  readonly subject: number;
  readonly rule: Rule;
  /** Bytes of the object as git stores it. */
  readonly start: number;
  readonly end: number;
  readonly verdict: Verdict;
  readonly severity: Severity;
}

/** The strongest that a rule said of a credential, wherever it stands. */
export interface Standing {
  readonly verdict: Verdict;
  readonly severity: Severity;
}

/** What has exposures: a credential, known by a keyed hash of its secret, or a file that is a leak in itself. */
export type Subject =
  | { readonly kind: 'credential'; readonly identity: string; readonly rules: Map<Rule, Standing> }
  | { readonly kind: 'file'; readonly object: number; readonly rule: PathRule };

/** Numbers subjects and remembers which object showed which. */
export class Subjects {
  readonly list: Subject[] = [];
  readonly #byIdentity = new Map<string, number>();
  readonly #files = new Map<string, number>();
  readonly #sightings = new Map<number, Sighting[]>();
  readonly #shownBy = new Map<number, readonly number[]>();

  /** @param object number of the object that shows it. */
  see(object: number, identity: string, sighting: Omit<Sighting, 'subject'>): void {
    const subject = this.credential(identity, sighting.rule, sighting);
    const list = this.#sightings.get(object);
    if (list === undefined) this.#sightings.set(object, [{ ...sighting, subject }]);
    else if (
      !list.some((one) => one.rule === sighting.rule && one.start === sighting.start && one.end === sighting.end)
    )
      list.push({ ...sighting, subject });
    this.#shownBy.delete(object);
  }

  credential(identity: string, rule: Rule, { verdict, severity }: Standing): number {
    let subject = this.#byIdentity.get(identity);
    if (subject === undefined) {
      subject = this.list.push({ kind: 'credential', identity, rules: new Map() }) - 1;
      this.#byIdentity.set(identity, subject);
    }
    const entry = this.list[subject];
    if (entry?.kind === 'credential') {
      const before = entry.rules.get(rule);
      if (before === undefined || !isAtLeastAsSure(before.verdict, verdict))
        entry.rules.set(rule, { verdict, severity });
    }
    return subject;
  }

  file(object: number, rule: PathRule): number {
    const key = `${object} ${rule.id}`;
    let subject = this.#files.get(key);
    if (subject === undefined) {
      subject = this.list.push({ kind: 'file', object, rule }) - 1;
      this.#files.set(key, subject);
    }
    return subject;
  }

  /** What each rule said of a credential, at its strongest; of a file nothing. */
  standingsOf(subject: number): readonly Standing[] {
    const entry = this.list[subject];
    return entry?.kind === 'credential' ? [...entry.rules.values()] : [];
  }

  sightingsIn(object: number): readonly Sighting[] {
    return this.#sightings.get(object) ?? [];
  }

  /** Credentials that the object shows, ascending. */
  shownBy(object: number): readonly number[] {
    const known = this.#shownBy.get(object);
    if (known !== undefined) return known;
    const shown = [...new Set(this.sightingsIn(object).map(({ subject }) => subject))].sort((a, b) => a - b);
    this.#shownBy.set(object, shown);
    return shown;
  }

  /** Objects that show a credential, ascending. */
  objects(): readonly number[] {
    return [...this.#sightings.keys()].sort((a, b) => a - b);
  }
}

/** Rules of a credential, the one that names it first: the surest, then the most specific (a generic one last), then the worst, then by id. */
export const leadingRules = (rules: ReadonlyMap<Rule, Standing>): readonly Rule[] =>
  [...rules]
    .sort(([a, standingA], [b, standingB]) => rank(a, standingA) - rank(b, standingB) || (a.id < b.id ? -1 : 1))
    .map(([rule]) => rule);

/** A generic rule guesses by name and shape: it does not overrule one that knows the format, not even where that one says "inert". */
export const tellingRules = (rules: Iterable<Rule>): ReadonlySet<Rule> => {
  const all = [...rules];
  const specific = all.filter((rule) => !isGeneric(rule));
  return new Set(specific.length > 0 ? specific : all);
};

const isGeneric = ({ category }: Rule): boolean => category === 'generic' || category === 'password';

const rank = (rule: Rule, { verdict, severity }: Standing): number =>
  (isGeneric(rule) ? 100 : 0) + 10 * verdicts.indexOf(verdict) + severityRank(severity);

const severityRank = (severity: Severity): number => severities.indexOf(severity);
