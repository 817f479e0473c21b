import type { Report } from '../exposure/index.ts';
import { type Order, reportOrder } from './json-order.ts';
import { jsonPieces, jsonText } from './json-text.ts';

/** The report as one JSON value, its fields in the contract's order, in pieces. */
export const renderJson = (report: Report): readonly string[] => [...jsonPieces(arrange(report, reportOrder), 2), '\n'];

/** JSON with fields in a given order; fields without a place in it come after, by name. */
export const stableJson = (value: unknown, order: Order = true, indent = 0): string =>
  jsonText(arrange(value, order), indent);

const arrange = (value: unknown, order: Order): unknown => {
  if (order === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const item = typeof order === 'object' && 'list' in order ? order.list : true;
    return value.map((each: unknown) => arrange(each, item));
  }
  const places = typeof order === 'object' && 'fields' in order ? order.fields : {};
  const given = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(places).filter((key) => given[key] !== undefined);
  const others = Object.keys(given)
    .filter((key) => !Object.hasOwn(places, key))
    .toSorted();
  // fromEntries: a rule or field called __proto__ is a field like any other.
  return Object.fromEntries([...known, ...others].map((key) => [key, arrange(given[key], places[key] ?? true)]));
};
