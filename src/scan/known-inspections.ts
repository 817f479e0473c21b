import type { FindingRow } from './find-visitor.ts';
import type { InspectInit, InspectionRow } from './inspect-visitor.ts';

type Questions = InspectInit['questions'];

/** Files that were inspected, and what came of it: a pair without a row is a file that is nothing. */
export interface Inspected {
  readonly questions: Questions;
  readonly rows: readonly InspectionRow[];
}

/** Answers what an earlier scan has asked already. @returns its rows, by this run's sets, and the questions that are left. */
export const answerKnown = (questions: Questions, known: Inspected | null): Inspected => {
  if (known === null) return { questions, rows: [] };
  const places = new Map(questions.sets.map((ids, place) => [ids.join(' '), place] as const));
  const placeOf = known.questions.sets.map((ids) => places.get(ids.join(' ')) ?? -1);
  const asked = new Set<string>();
  eachPair(questions, (object, set) => asked.add(`${object} ${set}`));
  const answered = new Set<string>();
  eachPair(known.questions, (object, set) => {
    const pair = `${object} ${placeOf[set] ?? -1}`;
    if (asked.has(pair)) answered.add(pair);
  });
  return {
    questions: pairsWhere(questions, (object, set) => !answered.has(`${object} ${set}`)),
    rows: known.rows
      .map((row) => ({ ...row, set: placeOf[row.set] ?? -1 }))
      .filter(({ object, set }) => answered.has(`${object} ${set}`)),
  };
};

/**
 * Without the files whose verdict turns with the clock: they hold something that expires.
 * @param isKept by object.
 */
export const inspectedToKeep = (
  { questions, rows }: Inspected,
  findings: readonly FindingRow[],
  isKept: (object: number) => boolean,
): Inspected => {
  const expiring = new Set(findings.filter(({ expires }) => expires !== null).map(({ object }) => object));
  const isOwn = (object: number): boolean => isKept(object) && !expiring.has(object);
  return { questions: pairsWhere(questions, isOwn), rows: rows.filter(({ object }) => isOwn(object)) };
};

/** In the numbers of another run; without what is not known there. */
export const renumberInspected = (
  { questions, rows }: Inspected,
  to: (object: number) => number,
  isKept: (object: number) => boolean,
): Inspected => {
  const pairs = questions.pairs.map((value, at) => (at % 2 === 0 ? to(value) : value));
  return {
    questions: pairsWhere({ sets: questions.sets, pairs }, isKept),
    rows: rows.map((row) => ({ ...row, object: to(row.object) })).filter(({ object }) => isKept(object)),
  };
};

const eachPair = ({ pairs }: Questions, visit: (object: number, set: number) => void): void => {
  for (let at = 0; at < pairs.length; at += 2) visit(pairs[at] ?? -1, pairs[at + 1] ?? -1);
};

const pairsWhere = (questions: Questions, isWanted: (object: number, set: number) => boolean): Questions => {
  const pairs: number[] = [];
  eachPair(questions, (object, set) => {
    if (isWanted(object, set)) pairs.push(object, set);
  });
  return { sets: questions.sets, pairs: Int32Array.from(pairs) };
};
