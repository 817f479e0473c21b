import { type RotationRow, rotationTable } from './rotation-table.ts';
import type { Category, PathRule, Rule } from './rule.ts';

/** How a credential is made harmless, for people; the contract's `rotate`. */
export interface Rotation {
  readonly id: string;
  readonly console: string | null;
  readonly docs: string | null;
  readonly steps: readonly string[];
}

/** @returns the advice for what a rule finds; where its own is not known, that of its category. */
export const rotationFor = (rule: Pick<Rule, 'rotate' | 'category' | 'docs'> | Pick<PathRule, 'rotate'>): Rotation => {
  const category = 'category' in rule ? rule.category : 'file';
  const own = rotationTable[rule.rotate];
  const id = own === undefined ? fallbacks[category] : rule.rotate;
  const row = own ?? rotationTable[id] ?? nothingKnown;
  const docs = row.docs ?? ('docs' in rule ? rule.docs : null);
  return { id, console: row.console, docs, steps: stepsOf(row) };
};

/** For every category an entry of the table. */
export const fallbacks: Readonly<Record<Category, string>> = {
  vcs: 'generic-saas-api-key',
  cloud: 'generic-saas-api-key',
  ci: 'generic-saas-api-key',
  registry: 'generic-saas-api-key',
  ai: 'generic-saas-api-key',
  payment: 'payment-provider-key',
  messaging: 'messaging-provider-key',
  saas: 'generic-saas-api-key',
  monitoring: 'generic-saas-api-key',
  database: 'generic-password',
  'private-key': 'ssh-private-key',
  certificate: 'tls-private-key',
  'key-store': 'tls-private-key',
  password: 'generic-password',
  'connection-string': 'generic-password',
  generic: 'generic-password',
  file: 'env-file',
};

const nothingKnown: RotationRow = { order: 'deploy', endsAccess: true, console: null, docs: null, notes: [] };

const stepsOf = ({ order, endsAccess, notes }: RotationRow): readonly string[] => [
  ...beginnings[order],
  ...notes,
  ...(endsAccess ? [] : ['Killing it is not enough: end what was made with it, or encrypted with it, too.']),
  'Look through the logs of the service for use that is not yours, since the day it was first exposed.',
];

const beginnings: Readonly<Record<RotationRow['order'], readonly string[]>> = {
  revoke: [
    'Revoke it now: an outage is the smaller harm.',
    'Make a new one with less reach, and give it to whatever used this one.',
  ],
  deploy: [
    'Make a new one, and give it to everything that uses this one.',
    'Then revoke this one. If the repository is public or abuse is seen, revoke first.',
  ],
  either: ['Make a new one and revoke this one; both are quick, so the order does not matter.'],
};
