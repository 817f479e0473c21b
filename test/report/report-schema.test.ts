import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { renderErrorJson } from '../../src/cli/render-error.ts';
import { ConfigError } from '../../src/config/index.ts';
import type { Report } from '../../src/exposure/index.ts';
import * as rendering from '../../src/report/index.ts';
import { findingsReport, hostileReport, report } from './sample-report.ts';

const { renderJsonLines } = rendering;
const renderJson = (value: Report): string => rendering.renderJson(value).join('');

type Json = { readonly [key: string]: unknown };

const readSchema = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')) as Json;

/** The schema as published lets consumers see new fields; here a field that it does not declare is a failure. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return 'properties' in schema && 'required' in schema ? { ...inner, additionalProperties: false } : inner;
};

const validator = (name: string): ValidateFunction => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.compile(strict(readSchema(name)) as object);
};

const problems = (validate: ValidateFunction, value: unknown): unknown => {
  validate(value);
  return validate.errors ?? [];
};

const reports: readonly (readonly [string, Report])[] = [
  ['with findings', findingsReport()],
  ['with nothing', report()],
  ['with an error', report({ error: { code: 'incomplete', message: 'shallow', hint: 'git fetch --unshallow' } })],
];

test.each(reports)(
  'a report %s is what its schema says, and holds no field that the schema does not declare',
  (_, value) => {
    expect(problems(validator('report'), JSON.parse(renderJson(value)))).toEqual([]);
  },
);

test.each(reports)('every event of a report %s is what the schema of events says', (_, value) => {
  const validate = validator('event');
  const lines = renderJsonLines(value).trimEnd().split('\n');
  expect(lines.length).toBe(2 + value.credentials.length + value.sensitiveFiles.length);
  for (const line of lines) expect(problems(validate, JSON.parse(line)), line.slice(0, 80)).toEqual([]);
});

test('the schemas notice a field that is missing, a wrong word and an undeclared field', () => {
  const validate = validator('report');
  const { coverage: _, ...withoutCoverage } = report();
  expect(problems(validate, withoutCoverage)).not.toEqual([]);
  expect(problems(validate, { ...report(), extra: 1 })).not.toEqual([]);
  const [credential] = findingsReport().credentials;
  expect(problems(validate, { ...report(), credentials: [{ ...credential, verdict: 'sure' }] })).not.toEqual([]);
});

test('an error is what its schema says', () => {
  const error = new ConfigError('.unleak.json', 'unknown key "x".', 'Leave it out.');
  expect(problems(validator('error'), JSON.parse(renderErrorJson(error, 'scan', 'json')))).toEqual([]);
  expect(problems(validator('event'), JSON.parse(renderErrorJson(error, 'scan', 'jsonl')))).toEqual([]);
});

test('the schema of events stands alone: what it shares with the report is the same', () => {
  const shared = readSchema('report')['$defs'] as Json;
  expect(readSchema('event')['$defs']).toMatchObject(shared);
});

test('a hostile report stays one JSON value, and reads back unchanged', () => {
  const hostile = hostileReport();
  const text = renderJson(hostile);
  expect(JSON.parse(text)).toEqual(hostile);
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]|\p{Cf}|##/u);
  expect(renderJsonLines(hostile)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]|\p{Cf}|##/u);
});

test('fields come in the order of the contract, whatever order they were made in', () => {
  const value = findingsReport();
  const backwards = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(backwards);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(
      Object.entries(each)
        .toReversed()
        .map(([key, inner]) => [key, backwards(inner)]),
    );
  };
  expect(renderJson(backwards(value) as Report)).toBe(renderJson(value));
  expect(Object.keys(JSON.parse(renderJson(value)) as Json).slice(0, 4)).toEqual([
    'schemaVersion',
    'command',
    'tool',
    'scannedAt',
  ]);
});
