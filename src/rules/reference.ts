import type { Reason } from './verdict.ts';

/**
 * Says why a value is a reference to a secret that stands elsewhere (a variable, a template, a secret manager), or is
 * encrypted. Look at `referenceDefault` first: `${TOKEN:-literal}` carries a literal that must be judged itself.
 * @param value the bare value, Latin-1, without quotes.
 */
export const referenceReason = (value: string): Reason | null => {
  const trimmed = value.trim().slice(0, 1024);
  const encrypted = encryptedForms.find((form) => form.pattern.test(trimmed));
  if (encrypted !== undefined) {
    return { kind: 'encrypted', verdict: 'inert', detail: `The value is encrypted (${encrypted.by}).` };
  }
  const form = referenceForms.find(({ pattern }) => pattern.test(trimmed));
  if (form === undefined) return null;
  return { kind: 'reference', verdict: 'inert', detail: `The value is a reference (${form.by}), not a secret.` };
};

/** @returns the literal that a reference falls back to (`${NAME:-literal}`, `{{ x | default('literal') }}`), or null. */
export const referenceDefault = (value: string): string | null => {
  const trimmed = value.trim().slice(0, 1024);
  for (const pattern of defaultForms) {
    const literal = pattern.exec(trimmed)?.groups?.['literal'];
    if (literal !== undefined && literal !== '' && !/^[$<{%]/.test(literal)) return literal;
  }
  return null;
};

interface Form {
  readonly pattern: RegExp;
  readonly by: string;
}

const encryptedForms: readonly Form[] = [
  { pattern: /^ENC(?:RYPTED)?[[(]/, by: 'ENC, as sops, Jasypt and hiera-eyaml write it' },
  { pattern: /^\{cipher\}/, by: 'Spring Cloud Config' },
  { pattern: /^\$ANSIBLE_VAULT/, by: 'Ansible Vault' },
  { pattern: /^\{AQ[A-Za-z0-9+/=]{10,}\}$/, by: 'Jenkins' },
  { pattern: /^AQICAH[A-Za-z0-9+/]{20,}/, by: 'AWS KMS' },
  { pattern: /^U2FsdGVkX1[A-Za-z0-9+/]{10,}/, by: 'OpenSSL enc' },
  { pattern: /^gAAAAA[A-Za-z0-9_-]{40,}/, by: 'Fernet' },
  { pattern: /^01000000d08c9ddf/i, by: 'Windows DPAPI' },
  { pattern: /^encrypted:/, by: 'marked as such' },
];

const referenceForms: readonly Form[] = [
  { pattern: /\$\{[^}]{0,200}\}/, by: 'a variable in ${…}' },
  { pattern: /\{\{[^}]{0,200}\}\}/, by: 'a template' },
  { pattern: /\{%[^%]{0,200}%\}/, by: 'a template' },
  { pattern: /<[%?][^>]{0,200}>/, by: 'a template' },
  { pattern: /#\{[^}]{0,200}\}/, by: 'an interpolation' },
  { pattern: /^[^$]{0,40}\$\([^)]{1,200}\)/, by: 'a command or variable in $(…)' },
  { pattern: /^\$+[A-Za-z_][A-Za-z0-9_]{0,100}$/, by: 'a variable' },
  { pattern: /^\$env:[A-Za-z_]/i, by: 'a variable' },
  { pattern: /^\$[A-Za-z_]\w{0,60}(?:->|\[)/, by: 'a variable' },
  { pattern: /^<[^<>]{1,120}>$|^&lt;.{1,120}&gt;$|^\\u003c/, by: 'a name in brackets' },
  { pattern: /^\[[A-Za-z][A-Za-z0-9 _.-]{0,80}\]$|^\{[A-Za-z0-9 _.-]{0,80}\}$/, by: 'a name in brackets' },
  {
    pattern: /^%[A-Za-z_][A-Za-z0-9_.-]{0,80}%$|^%\([A-Za-z0-9_.]{1,80}\)[sdr]$|^%(?:\[\d\])?[sdvqr]$/,
    by: 'a format',
  },
  {
    pattern: /^@{1,2}[A-Za-z_][A-Za-z0-9_.-]{0,80}@{1,2}$|^__[A-Za-z0-9_]{1,80}__$|^![A-Za-z_]\w{0,60}!$/,
    by: 'a name to be filled in',
  },
  { pattern: /^@\{[^}]{0,200}\}$/, by: 'an expression' },
  {
    pattern: /^(?:process\.env|import\.meta\.env|Deno\.env|Bun\.env|os\.environ|os\.getenv|getenv|std::env::var)\b/,
    by: 'the environment',
  },
  {
    pattern: /^(?:System\.get(?:env|Property)|Environment\.GetEnvironmentVariable|ConfigurationManager\b|ENV[[.(])/,
    by: 'the environment',
  },
  {
    pattern:
      /^(?:env|config|secret|secrets|vars?|local|data|module|self|this|settings|params|req|request)(?:\.[A-Za-z_]|\()/,
    by: 'an expression',
  },
  { pattern: /^(?:var|local|data|module|random_password)\.[a-z_]/, by: 'Terraform' },
  { pattern: /^!(?:Ref|Sub|GetAtt|vault|encrypted|secret|env|env_var|include)\b/, by: 'a YAML tag' },
  { pattern: /^Fn::|^arn:aws[a-z-]{0,10}:|^projects\/[^/]{1,80}\/secrets\//, by: 'a cloud resource' },
  {
    pattern: /^(?:vault|op|ref\+[a-z]{1,20}|awssm|awsps|gcpsm|akv|sm|keyvault|keyring|ssm|secretsmanager|doppler):/,
    by: 'a secret manager',
  },
  { pattern: /^secret\/(?:data\/)?[a-z]|^@Microsoft\.KeyVault\(/, by: 'a secret manager' },
  { pattern: /^(?:valueFrom|secretKeyRef|secretRef|existingSecret|secretName)$/, by: 'Kubernetes' },
  { pattern: /^[A-Za-z_][\w.:>-]{0,80}\([^)]{0,200}\)?;?$/, by: 'a call' },
];

const defaultForms: readonly RegExp[] = [
  /^\$\{[A-Za-z_][A-Za-z0-9_.]{0,100}:?-(?<literal>[^}]{1,200})\}$/,
  /^\$\{[A-Za-z_][A-Za-z0-9_.-]{0,100}:(?<literal>[^-?+=}][^}]{0,199})\}$/,
  /\|\s{0,5}default[( ]\s{0,5}['"](?<literal>[^'"]{1,200})['"]/,
];
