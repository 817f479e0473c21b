import type { Category, FileRule, Maker } from './rule.ts';
import type { Severity } from './verdict.ts';

const strong = (make: Maker): string => make.of('abcdefghkmnpqrstwxyzABCDEFGHKMNPQRSTWXYZ23456789', 24);
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** What the readers of files find: one rule for each kind of file, so that a report says what the value opens. */
export const fileRules = [
  fileRule('dotenv-secret', {
    title: 'Secret in an environment file',
    category: 'password',
    severity: 'high',
    attack: 'Use the account or service that this variable gives the application access to.',
    rotate: 'env-file',
    docs: 'https://github.com/motdotla/dotenv',
    exampleName: '.env',
    examples: [
      (make) => `# comment\nPORT=3000\nSECRET_KEY_BASE=${make.hex(64)}\n`,
      (make) => `export DB_PASSWORD="${strong(make)}" # the real one\r\n`,
      (make) => `\xef\xbb\xbfAPI_TOKEN='${strong(make)}'`,
    ],
    nearMisses: [
      () => 'PORT=3000\nNODE_ENV=production\n',
      () => 'API_KEY=\nDB_PASSWORD=changeme\nSECRET=your-secret-here\n',
      () => `DB_PASSWORD=${'$'}{VAULT_DB_PASSWORD}\n`,
    ],
  }),
  fileRule('config-secret', {
    title: 'Secret in a configuration file',
    category: 'password',
    severity: 'high',
    attack: 'Use the account or service that this setting gives the application access to.',
    rotate: 'generic-password',
    docs: 'https://cwe.mitre.org/data/definitions/260.html',
    exampleName: 'application-prod.properties',
    examples: [(make) => `spring.datasource.username=app\nspring.datasource.password=${strong(make)}\n`],
    nearMisses: [() => `spring.datasource.password=${'$'}{DB_PASSWORD}\n`, () => 'password.min.length=12\n'],
  }),
  fileRule('netrc-password', {
    title: 'Login for a host in .netrc',
    category: 'password',
    severity: 'high',
    attack: 'Log in to the host as this user.',
    rotate: 'generic-password',
    docs: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    exampleName: '.netrc',
    examples: [
      (make) => `machine api.corp.net login bob password ${strong(make)}\n`,
      (make) => `machine api.corp.net\n  login bob\n  password ${strong(make)}\n`,
    ],
    nearMisses: [() => 'machine api.corp.net login bob password <password>\n'],
  }),
  fileRule('pgpass-password', {
    title: 'PostgreSQL password in .pgpass',
    category: 'database',
    severity: 'high',
    attack: 'Read and change the database as this user.',
    rotate: 'postgres-uri',
    docs: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    exampleName: '.pgpass',
    examples: [(make) => `# hosts\ndb.corp.net:5432:*:app:${strong(make)}\n`],
    nearMisses: [() => 'db.corp.net:5432:*:app:changeme\n', () => 'root:x:0:0:root:/root:/bin/sh\n'],
  }),
  fileRule('htpasswd-hash', {
    title: 'Password hash of a web server',
    category: 'password',
    severity: 'medium',
    attack: 'Guess the password from its hash, then log in to the site.',
    rotate: 'generic-password',
    docs: 'https://httpd.apache.org/docs/2.4/misc/password_encryptions.html',
    exampleName: '.htpasswd',
    examples: [
      (make) => `bob:$apr1$${make.base62(8)}$${make.base62(22)}\n`,
      (make) => `bob:{SHA}${make.base62(27)}=\n`,
    ],
    nearMisses: [() => 'bob:!\n', () => 'how to run htpasswd: read the manual\n'],
  }),
  fileRule('npmrc-credential', {
    title: 'Registry credential in .npmrc',
    category: 'registry',
    severity: 'high',
    attack: 'Publish packages, or read private ones, as this user.',
    rotate: 'npm-token',
    docs: 'https://docs.npmjs.com/cli/configuring-npm/npmrc',
    exampleName: '.npmrc',
    examples: [
      (make) => `//npm.corp.net/:_authToken=${strong(make)}\n`,
      (make) => `//npm.corp.net/:username=bob\n//npm.corp.net/:_password=${base64(strong(make))}\n`,
    ],
    nearMisses: [() => `//npm.corp.net/:_authToken=${'$'}{NPM_TOKEN}\n`, () => 'registry=https://npm.corp.net/\n'],
  }),
  fileRule('docker-registry-auth', {
    title: 'Container registry login',
    category: 'registry',
    severity: 'high',
    attack: 'Pull private images, and push changed ones, as this user.',
    rotate: 'docker-registry-auth',
    docs: 'https://docs.docker.com/reference/cli/docker/login/',
    exampleName: '.docker/config.json',
    examples: [(make) => `{"auths": {"reg.corp.net": {"auth": "${base64(`bob:${strong(make)}`)}"}}}`],
    nearMisses: [() => '{"auths": {"reg.corp.net": {}}, "credsStore": "desktop"}'],
  }),
  fileRule('git-credentials-password', {
    title: 'Password in a stored Git URL',
    category: 'vcs',
    severity: 'critical',
    attack: 'Read and change every repository that this user may.',
    rotate: 'basic-auth-url',
    docs: 'https://git-scm.com/docs/git-credential-store',
    exampleName: '.git-credentials',
    examples: [(make) => `https://bob:${strong(make)}@git.corp.net\n`],
    nearMisses: [() => `https://bob:${'$'}TOKEN@git.corp.net\n`, () => 'https://git.corp.net\n'],
  }),
  fileRule('kubernetes-secret', {
    title: 'Value of a Kubernetes Secret',
    category: 'password',
    severity: 'high',
    attack: 'Use what the workload of the cluster uses this value for.',
    rotate: 'generic-password',
    docs: 'https://kubernetes.io/docs/concepts/configuration/secret/',
    exampleName: 'db-secret.yaml',
    examples: [
      (make) => `apiVersion: v1\nkind: Secret\ndata:\n  whatever: ${base64(strong(make))}\n`,
      (make) => `data:\n  whatever: ${base64(strong(make))}\nkind: Secret\n`,
    ],
    nearMisses: [
      () => 'kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB4\n',
      () => `kind: Secret\ndata:\n  password: ${base64('changeme')}\n`,
    ],
  }),
  fileRule('whole-file-secret', {
    title: 'Secret that is the whole file',
    category: 'password',
    severity: 'high',
    attack: 'Use what the name of the file says this opens.',
    rotate: 'generic-password',
    docs: 'https://cwe.mitre.org/data/definitions/260.html',
    exampleName: 'config/master.key',
    examples: [(make) => `${make.hex(32)}\n`, (make) => strong(make)],
    nearMisses: [() => 'changeme\n', () => '#!/bin/sh\ncat /run/secrets/password\n', () => '\n'],
  }),
] as const;

interface Facts
  extends Pick<FileRule, 'title' | 'attack' | 'rotate' | 'docs' | 'exampleName' | 'examples' | 'nearMisses'> {
  readonly category: Category;
  readonly severity: Severity;
}

function fileRule<Id extends string>(id: Id, facts: Facts): FileRule & { readonly id: Id } {
  return { id, reach: 'file', provider: 'generic', anchors: [], ...facts };
}

export type FileRuleId = (typeof fileRules)[number]['id'];
