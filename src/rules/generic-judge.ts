import { latin1Bytes } from '../text/index.ts';
import { type CredentialName, credentialName } from './generic-names.ts';
import { type Shape, shapeOf } from './generic-shape.ts';
import { placeholderReason } from './placeholder.ts';
import { referenceDefault, referenceReason } from './reference.ts';
import type { Judgement } from './rule.ts';
import type { Reason, Severity, Verdict } from './verdict.ts';

/** Where an assignment stands. */
export interface AssignmentContext {
  /**
   * `quoted`: a string of any text. `bare`: no quotes, amid other text: it may be an expression. `line`: no quotes, alone
   * on a line, as configuration has it. `config`: read by the parser of a configuration file, where a value is a literal.
   */
  readonly form: 'quoted' | 'bare' | 'line' | 'config';
  /** The file says that every value is secret (a Kubernetes Secret, `.pgpass`): the name need not. */
  readonly known?: CredentialName['kind'];
}

/**
 * Judges the value of an assignment by its name and its shape; shared by the rules for any text and the readers of files.
 * @param value the bare value, Latin-1, without quotes, escapes decoded.
 * @returns null where it is no credential: no credential's name, no literal, a reference to one.
 */
export const judgeAssignment = (name: string, value: string, context: AssignmentContext): Judgement | null => {
  const named: CredentialName | null =
    context.known === undefined ? credentialName(name) : { kind: context.known, isStrong: true };
  if (named === null || value.length > 4096) return null;
  const fallback = referenceDefault(value);
  if (fallback !== null) return withCanonical(judgeLiteral(name, fallback, named, context), fallback);
  const reference = referenceReason(value);
  if (reference !== null) return reference.kind === 'encrypted' ? judgement('info', reference) : null;
  // Text with a hole in it is made at run time, wherever the match was cut: `prefix${make(`.
  if (/[$#]\{|\{\{/.test(value)) return null;
  return judgeLiteral(name, value, named, context);
};

const withCanonical = (judged: Judgement | null, literal: string): Judgement | null =>
  judged === null ? null : { ...judged, canonical: latin1Bytes(literal) };

const judgeLiteral = (
  name: string,
  value: string,
  named: CredentialName,
  context: AssignmentContext,
): Judgement | null => {
  if (value.length < 4) return null;
  const shape = shapeOf(value);
  if (shape === 'none' || !isPlausible(value, shape, named, context)) return null;
  if (documentedDefaults.has(value.toLowerCase())) return judgement('low', defaultReason);
  if (passwordHash.test(value)) return judgement('info', because('password-hash', 'inert', 'The value is a hash.'));
  if (namesItself.test(value)) return judgement('low', because('placeholder', 'inert', 'The value says what it is.'));
  const stand = placeholderReason(value, name);
  if (stand !== null) return judgement('low', stand);
  return judgeShape(shape, named);
};

/** Whether a value of this shape can be a literal there at all. */
const isPlausible = (value: string, shape: Shape, named: CredentialName, { form }: AssignmentContext): boolean => {
  const isPassword = named.kind === 'password';
  if (/\s/.test(value) && !(isPassword && isPassphrase(value))) return false;
  if (isPassword && value.length > 80) return false;
  if (shape === 'random') return true;
  if (!named.isStrong) return false;
  // A word of code: an identifier, a path of members, a constant, a class.
  if (/^[A-Za-z_$][\w$]*(?:[.-][A-Za-z_$][\w$]*)+$/.test(value) && !/[0-9]/.test(value)) return false;
  if (form === 'bare') return false;
  if (shape === 'mixed') return true;
  return !isIdentifier(value) && (isPassword || value.length >= 8);
};

/** Two to six words without the signs of a sentence or a label. */
const isPassphrase = (value: string): boolean =>
  value.split(/\s+/).length <= 6 && !/[:?!.,]\s|[:?.…]$|\s{2}|^\s|\s$/.test(value) && /[0-9]/.test(value);

/** camelCase, snake_case, kebab-case, CONSTANT, perhaps with a number behind a word. */
const isIdentifier = (value: string): boolean =>
  /^[a-z]+(?:[A-Z][a-z]+)+[0-9]?$|^[A-Za-z]+[0-9]{0,3}(?:[_-](?:[A-Za-z]+[0-9]{0,3}|[0-9]{1,3}))+$|^(?:[A-Z][a-z]+){2,}[0-9]?$|^[A-Z]{4,}$/.test(
    value,
  );

/** `rootpassword`, `mysecret123`. */
const namesItself = /^[a-z_-]*(?:pass|passwd|password|passphrase|pwd|secret|token)[0-9!_]{0,6}$/i;

/** What a database of users holds; in any other text it is no credential, though the password may be guessed from it. */
const passwordHash =
  /^\$(?:1|2[abxy]?|5|6|7|y|apr1|argon2[a-z]{1,2}|pbkdf2[a-z0-9-]*|scrypt)\$|^(?:sha1|md5|pbkdf2_sha256|bcrypt[_a-z0-9]*)\$|^\{(?:S?SHA|CRYPT|MD5|SMD5)/;

const judgeShape = (shape: Shape, named: CredentialName): Judgement => {
  if (shape === 'random') {
    const verdict: Verdict = named.isStrong ? 'likely' : 'possible';
    return judgement(named.isStrong ? 'high' : 'medium', because('random-value', verdict, 'The value looks random.'));
  }
  if (shape === 'mixed') {
    return judgement('medium', because('mixed-value', 'possible', 'The value mixes kinds of characters.'));
  }
  return judgement('low', because('plain-value', 'possible', 'The value is short or all of one kind of characters.'));
};

const judgement = (severity: Severity, reason: Reason): Judgement => ({
  verdict: reason.verdict,
  severity,
  reasons: [reason],
});

const because = (kind: string, verdict: Verdict, detail: string): Reason => ({ kind, verdict, detail });

const defaultReason = because('default-password', 'possible', 'The value is a documented default: known to everybody.');

/** True weaknesses where they are in use, never leaks. */
const documentedDefaults: ReadonlySet<string> = new Set(
  `postgres mysql root toor admin admin123 guest minioadmin raspberry vagrant cisco tiger s3cret welcome1 foobared neo4j
  grafana keycloak zabbix changeit notasecret android rabbitmq wordpress jenkins`
    .trim()
    .split(/\s+/),
);
