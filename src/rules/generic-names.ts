import { wordsOf } from './placeholder.ts';

/** What a name promises of the value that is assigned to it. */
export interface CredentialName {
  readonly kind: 'password' | 'secret' | 'api-key' | 'token';
  /** A literal here is a credential unless shown otherwise; behind a weak name (`key`, `token`) only a good value is one. */
  readonly isStrong: boolean;
}

/**
 * Judges a name by its words, never by letters inside of one: `monkey`, `author` and `passage` promise nothing, nor do
 * `secret_name`, `password_field` and `token_type`, whose last word names something about the secret.
 */
export const credentialName = (name: string): CredentialName | null => {
  const known = judged.get(name);
  if (known !== undefined) return known;
  // A history repeats its names thousands of times; a text made to hold only new ones fills no memory.
  if (judged.size >= mostJudged) judged.clear();
  const judgement = judgeName(name);
  judged.set(name, judgement);
  return judgement;
};

const judged = new Map<string, CredentialName | null>();
const mostJudged = 10_000;

const judgeName = (name: string): CredentialName | null => {
  // The working directory of a shell, a command of FTP.
  if (/^\$?PWD$|^\$(?:old)?pwd$/.test(name)) return null;
  const words = [...wordsOf(name)].filter((word) => !/^[0-9]+$/.test(word));
  while (words.length > 1 && neutralEnds.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1);
  if (last === undefined || words.some((word) => negatingStarts.has(word))) return null;
  return nameOfWords(last, words.at(-2) ?? '');
};

const nameOfWords = (last: string, before: string): CredentialName | null => {
  if (passwordWords.has(last) || /[a-z](?:password|passwd|passphrase|pwd)$/.test(last)) return strong('password');
  if (last === 'pass' || last === 'pw') return { kind: 'password', isStrong: before !== '' && before !== 'by' };
  if (/^(?:x?api|app)key$/.test(last) || (last === 'key' && /^(?:api|app)$/.test(before))) return strong('api-key');
  if (last === 'secret' || /^(?:client|app|consumer|shared|signing|webhook|jwt|token|api|otp|mfa)secret$/.test(last)) {
    return strong('secret');
  }
  const joined = last === 'key' || last === 'keys' || last === 'token' ? before + last : last;
  if (/key$/.test(joined) && secretKeys.has(joined.slice(0, -3))) return strong('secret');
  if (/token$/.test(joined) && strongTokens.has(joined.slice(0, -5))) return strong('token');
  if (weakSecrets.has(last)) return { kind: 'secret', isStrong: false };
  return last === 'token' ? { kind: 'token', isStrong: false } : null;
};

const strong = (kind: CredentialName['kind']): CredentialName => ({ kind, isStrong: true });

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const passwordWords = set(`
  password passwd passwrd passphrase passcode pwd pswd psw pword passwort kennwort contrasena senha mdp motdepasse
  wachtwoord haslo heslo salasana sifre parola paasword pasword passwrod bindpw rootpw storepass keypass psk`);

const secretKeys = set(`
  secret access private priv auth encryption encrypt crypt crypto signing sign hmac aes des master account storage
  service deploy ssh shared app application consumer client jwt cookie session webhook subscription license security
  server admin user root data cipher rsa ec stripe twilio sendgrid mailgun openai aws azure gcp`);

const strongTokens = set(`
  access auth api refresh bearer bot personal private deploy session security secret oauth app user client account
  service admin github gitlab slack npm vault bearer authentication authorization registration`);

const weakSecrets = set('key credential credentials creds auth salt signature');

/**
 * Every name that promises something has one of these in it, in whatever case, unbroken. Far from all that have one do: for readers
 * that want to pass over the others without making strings of them.
 */
export const credentialStems: readonly string[] = [
  ...new Set([...passwordWords, ...weakSecrets, 'pass', 'pw', 'secret', 'token']),
].filter((word, _, words) => !words.some((other) => other !== word && word.includes(other)));

/** Said behind the word that counts: which of several, where for, how written. */
const neutralEnds = set(`
  value default dev prod production staging test tests live base str string b64 base64 hex raw plain plaintext old new
  current main primary secondary one two a b literal`);

/** Said before it: then it is a question about a secret, a public thing, or a key of another sense. */
const negatingStarts = set(`
  public pub no has is use uses using with without need needs require requires allow enable enabled disable skip show
  hide max min num foreign sort partition cache lookup bucket next page continuation csrf xsrf validate reset forgot
  change confirm invalid wrong missing encrypted wrapped hashed socket`);
