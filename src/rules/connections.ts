import { assertNever } from '../errors.ts';
import { hostClass } from './connection-host.ts';
import { credentialBytes, defaultReason } from './default-credentials.ts';
import type { Judge } from './judge.ts';
import { placeholderReason } from './placeholder.ts';
import { looksGenerated } from './randomness.ts';
import { referenceReason } from './reference.ts';
import type { Judgement, Maker, NearRule, PatternMatch, Rule } from './rule.ts';
import type { Reason, Severity, Verdict } from './verdict.ts';

const shared = { category: 'connection-string' } as const;

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly host: string;
}

/**
 * Judges a login that was written out: a reference or a template is none (null), an example is inert, what products come
 * with is a weakness, and of the rest the host decides who can use it.
 */
export const judgeLogin = ({ user, password, host }: Login, severity: Severity): Judgement | null => {
  if (isTemplate(user) || isTemplate(password)) return null;
  const canonical = credentialBytes(user, password, host);
  const reference = referenceReason(password);
  if (reference?.kind === 'reference') return null;
  if (reference !== null) return { verdict: 'inert', reasons: [reference], canonical };
  const where = hostClass(host);
  const fake = defaultReason(user, password) ?? capitalsReason(password) ?? placeholderReason(password);
  if (fake !== null) return { verdict: weakVerdict(fake, where), reasons: [fake], canonical, severity: 'low' };
  const { verdict, detail, worst } = byHost(where, password);
  return {
    verdict,
    reasons: [{ kind: `${where}-host`, verdict, detail }],
    canonical,
    severity: worst ?? severity,
  };
};

/** `USER:PASSWORD@HOST`: names of what stands there, as documentation writes them. */
const capitalsReason = (password: string): Reason | null =>
  /^[A-Z][A-Z_]{2,}$/.test(password)
    ? { kind: 'placeholder', verdict: 'inert', detail: 'The password is a name in capitals.' }
    : null;

/** A default or a common word on a host that strangers can reach may well be the password there. */
const weakVerdict = (fake: Reason, where: ReturnType<typeof hostClass>): Verdict =>
  where === 'documentation' || where === 'local' || where === 'variable' ? 'inert' : fake.verdict;

const byHost = (
  where: ReturnType<typeof hostClass>,
  password: string,
): { readonly verdict: Verdict; readonly detail: string; readonly worst?: Severity } => {
  switch (where) {
    case 'documentation':
      return { verdict: 'inert', detail: 'The host is one that is kept for documentation.', worst: 'low' };
    case 'local':
    case 'variable': {
      const place = where === 'local' ? 'on the same machine or network' : 'on a host that is filled in later';
      return looksGenerated(password)
        ? { verdict: 'likely', detail: `A random password, for a service ${place}.`, worst: 'medium' }
        : { verdict: 'possible', detail: `A password that people typed, for a service ${place}.`, worst: 'low' };
    }
    case 'private':
      return {
        verdict: 'likely',
        detail: 'A password in plain text, for a host of a private network.',
        worst: 'medium',
      };
    case 'public':
      return { verdict: 'likely', detail: 'A password in plain text, for a host that has a public name.' };
    default:
      return assertNever(where);
  }
};

const isTemplate = (text: string): boolean =>
  /\$\{|\{\{|\$\(|<[%?a-zA-Z]|%\(|%[sdv](?![0-9a-fA-F])|^%[A-Z_]{2,40}%$|^\{[^{}]{0,40}\}$|^\$[A-Za-z_]\w{0,40}$|^\[[^\]]{0,40}\]$|#\{/.test(
    text,
  );

/** `%40` and the like; bytes that are no escape stay. */
const percentDecode = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

interface UriFacts extends Pick<NearRule, 'id' | 'provider' | 'title' | 'severity' | 'attack' | 'rotate' | 'docs'> {
  /** Source of the scheme, without `://`. */
  readonly scheme: string;
  readonly exampleScheme: string;
  readonly anchors: NearRule['anchors'];
}

// The password may hold an unencoded @: the last one before a slash, a blank or a quote ends it.
const userinfo = String.raw`(?<user>[^\s:/?#"'<>\x60\\()]{0,100}):(?<secret>[^\s/"'<>\x60\\]{1,120})@(?<host>\[[0-9a-fA-F:]{2,39}\](?::[0-9]{1,5})?|[A-Za-z0-9_${'$'}{}.,:*%-]{1,120})`;

const knownToken = /^(?:gh[pousr]_|github_pat_|glpat-|gldt-|glcbt-|npm_|pypi-|ATBB|ATCTT|dckr_|dp\.|hvs\.|AKCp)/;

const judgeUri =
  (severity: Severity): Judge =>
  (match) => {
    const { user = '', host = '' } = match.groups;
    // The token has a rule of its own, which knows more of it.
    if (knownToken.test(match.secret)) return null;
    // IMAP and SMTP URIs name a mechanism behind the password (RFC 5092).
    const password = percentDecode(match.secret.replace(/;AUTH=[A-Z0-9*-]{1,20}$/i, ''));
    return judgeLogin({ user: percentDecode(user), password, host }, severity);
  };

const uri = ({ scheme, exampleScheme, ...facts }: UriFacts): NearRule => ({
  ...shared,
  ...facts,
  reach: 'near',
  pattern: new RegExp(String.raw`(?<![A-Za-z0-9+.-])(?:${scheme}):\/\/${userinfo}`),
  judge: judgeUri(facts.severity),
  examples: [
    (make) => `URL=${exampleScheme}://deployer:${makePassword(make)}@db.acme-corp.io/main`,
    (make) => `{"url": "${exampleScheme}://deployer:${makePassword(make)}%40@10.1.2.3:1234/main"}`,
  ],
  nearMisses: [
    () => `URL=${exampleScheme}://user:password@localhost/main`,
    (make) => `URL=${exampleScheme}://deployer:${makePassword(make)}@db.example.com/main`,
    () => `URL=${exampleScheme}://\${DB_USER}:\${DB_PASSWORD}@db.acme-corp.io/main`,
    () => `URL=${exampleScheme}://<user>:<password>@db.acme-corp.io/main`,
    () => `URL=${exampleScheme}://db.acme-corp.io:5432/main@2x`,
  ],
});

const makePassword = (make: Maker): string => `p${make.base62(15)}7`;

const plain = (...texts: readonly string[]): NearRule['anchors'] => texts.map((text) => ({ text }));

/** Behind `://` a user, a colon and something more: the kernel checks that, or every URL would be a candidate. */
const userAnchor: NearRule['anchors'] = [{ text: '://', assigned: true }];

/** Hashes are what the statement may hold too: they need cracking, and other rules tell them. */
const judgeStatement: Judge = (match) => {
  const { secret } = match;
  if (/^(?:md5[0-9a-f]{32}|SCRAM-SHA-256|\*[0-9A-F]{40}|0x[0-9A-Fa-f]{20}|\$[0-9A-Za-z]{1,10}\$)/.test(secret))
    return null;
  if (isTemplate(secret) || referenceReason(secret)?.kind === 'reference') return null;
  const fake = capitalsReason(secret) ?? placeholderReason(secret);
  if (fake !== null) return { verdict: fake.verdict, reasons: [fake], severity: 'low' };
  const verdict = looksGenerated(secret) ? 'likely' : 'possible';
  return {
    verdict,
    reasons: [{ kind: 'format', verdict, detail: 'The statement sets it as the password of a user.' }],
  };
};

/** The server of the connection string that the match stands in: between the quotes or line ends around it. */
const serverOf = ({ before, after }: PatternMatch): string | undefined => {
  const start = Math.max(...['"', "'", '\n'].map((end) => before.lastIndexOf(end))) + 1;
  const string = before.slice(start) + (after.split(/["'\n]/, 1)[0] ?? '');
  return /(?:server|data source|host|address|addr) ?= ?(?:tcp:)?([A-Za-z0-9_.\\-]{1,100})/i.exec(string)?.[1];
};

export const connectionRules: readonly Rule[] = [
  uri({
    id: 'postgres-uri',
    provider: 'PostgreSQL',
    title: 'PostgreSQL URI with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'postgres-uri',
    docs: 'https://www.postgresql.org/docs/current/libpq-connect.html',
    scheme: String.raw`(?:postgres(?:ql)?|postgis|cockroachdb|redshift|timescaledb)(?:\+[a-z0-9]{1,20})?`,
    exampleScheme: 'postgresql',
    anchors: plain(
      'postgres://',
      'postgresql://',
      'postgresql+',
      'postgres+',
      'postgis://',
      'cockroachdb://',
      'redshift',
      'timescaledb://',
    ),
  }),
  uri({
    id: 'mysql-uri',
    provider: 'MySQL',
    title: 'MySQL or MariaDB URI with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'mysql-uri',
    docs: 'https://dev.mysql.com/doc/refman/8.0/en/connecting-using-uri-or-key-value-pairs.html',
    scheme: String.raw`(?:mysql[2x]?|mariadb)(?:\+[a-z0-9]{1,20})?`,
    exampleScheme: 'mysql',
    anchors: plain('mysql://', 'mysql2://', 'mysqlx://', 'mysql+', 'mariadb://', 'mariadb+'),
  }),
  uri({
    id: 'mongodb-uri',
    provider: 'MongoDB',
    title: 'MongoDB URI with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'mongodb-uri',
    docs: 'https://www.mongodb.com/docs/manual/reference/connection-string/',
    scheme: String.raw`mongodb(?:\+srv)?`,
    exampleScheme: 'mongodb+srv',
    anchors: plain('mongodb://', 'mongodb+srv://'),
  }),
  uri({
    id: 'redis-uri',
    provider: 'Redis',
    title: 'Redis URI with a password',
    severity: 'high',
    attack: 'Reads and changes everything in the store.',
    rotate: 'redis-uri',
    docs: 'https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/',
    scheme: String.raw`(?:rediss?|valkeys?)(?:\+[a-z]{1,12})?`,
    exampleScheme: 'rediss',
    anchors: plain('redis://', 'rediss://', 'valkey://', 'valkeys://', 'redis+'),
  }),
  uri({
    id: 'amqp-uri',
    provider: 'Message broker',
    title: 'Message broker URI with a password',
    severity: 'high',
    attack: 'Reads and sends messages as the user.',
    rotate: 'generic-password',
    docs: 'https://www.rabbitmq.com/docs/uri-spec',
    scheme: '(?:amqps?|mqtts?|stomp|nats(?:-route)?|kafka)',
    exampleScheme: 'amqps',
    anchors: plain('amqp://', 'amqps://', 'mqtt://', 'mqtts://', 'stomp://', 'nats://', 'nats-route://', 'kafka://'),
  }),
  uri({
    id: 'mail-uri',
    provider: 'Mail server',
    title: 'Mail server URI with a password',
    severity: 'high',
    attack: 'Sends mail in your name, or reads the mailbox.',
    rotate: 'smtp-credential',
    docs: 'https://www.rfc-editor.org/rfc/rfc5092',
    scheme: String.raw`(?:smtps?|imaps?|pop3s?)(?:\+[a-z]{1,12})?`,
    exampleScheme: 'smtps',
    // The user is often an address: its @ ends the kernel's idea of a name.
    anchors: [...userAnchor, ...plain('smtp://', 'smtps://', 'imaps://')],
  }),
  uri({
    id: 'ftp-uri',
    provider: 'File server',
    title: 'File server URI with a password',
    severity: 'high',
    attack: 'Reads and replaces the files of the server.',
    rotate: 'generic-password',
    docs: 'https://www.rfc-editor.org/rfc/rfc1738',
    scheme: '(?:ftps?|ftpes|sftp|scp|smb|cifs|davs?|rsync)',
    exampleScheme: 'sftp',
    anchors: userAnchor,
  }),
  uri({
    id: 'http-basic-auth-url',
    provider: 'HTTP',
    title: 'URL with a user and a password',
    severity: 'high',
    attack: 'Signs in to the server with the user and password that stand in it.',
    rotate: 'basic-auth-url',
    docs: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    scheme: String.raw`(?:(?:git|svn|hg|bzr)\+)?(?:https?|wss?)`,
    exampleScheme: 'https',
    anchors: userAnchor,
  }),
  uri({
    id: 'other-uri-password',
    provider: 'Server',
    title: 'URI with a password',
    severity: 'high',
    attack: 'Signs in to the server with the user and password that stand in it.',
    rotate: 'generic-password',
    docs: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    scheme: String.raw`(?:ldaps?|ssh|telnet|vnc|rdp|rtsps?|socks[45][ah]?|clickhouse|couchbases?|couchdb|cassandra|neo4j|bolt|influxdb|elasticsearch|es|mssql|sqlserver|oracle|db2|snowflake|presto|trino|hive|memcached|etcd|consul|minio|s3|tidb|vertica|firebird|ibmmq|jms|solr)(?:\+[a-z0-9]{1,20})?`,
    exampleScheme: 'ldap',
    anchors: userAnchor,
  }),
  {
    ...shared,
    reach: 'near',
    id: 'mysql-dsn',
    provider: 'MySQL',
    title: 'MySQL DSN (Go) with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'mysql-uri',
    docs: 'https://github.com/go-sql-driver/mysql#dsn-data-source-name',
    anchors: plain('@tcp(', '@unix('),
    pattern:
      /(?<![A-Za-z0-9_%.-])(?<user>[A-Za-z0-9_%.-]{1,40}):(?<secret>[^\s"'`<>]{1,100})@(?:tcp|unix)\((?<host>[^()\s"'`]{1,120})\)/,
    textOnly: true,
    judge: (match) =>
      judgeLogin(
        { user: match.groups['user'] ?? '', password: match.secret, host: match.groups['host'] ?? '' },
        'high',
      ),
    examples: [(make) => `dsn := "deployer:${makePassword(make)}@tcp(db.acme-corp.io:3306)/main"`],
    nearMisses: [() => 'dsn := "user:password@tcp(localhost:5555)/dbname"', () => 'dsn := "%s:%s@tcp(%s)/%s"'],
  },
  {
    ...shared,
    reach: 'near',
    id: 'jdbc-url-password',
    provider: 'JDBC',
    title: 'JDBC URL with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'generic-password',
    docs: 'https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url',
    anchors: plain('jdbc:'),
    pattern:
      /jdbc:[a-z0-9:]{2,30}(?:\/\/|@)(?<host>[A-Za-z0-9_.-]{1,100})[^\s"'<>`]{0,140}?[?&;:](?:password|pwd)=\{?(?<secret>[^\s"'<>`&;}]{1,80})/i,
    textOnly: true,
    judge: (match) => {
      const url = match.before.slice(match.before.lastIndexOf('jdbc:')) + match.secret + match.after.slice(0, 80);
      const user = /[?&;:]user(?:name)?=([^\s"'<>`&;]{1,60})/i.exec(url)?.[1] ?? '';
      return judgeLogin({ user, password: percentDecode(match.secret), host: match.groups['host'] ?? '' }, 'high');
    },
    examples: [
      (make) => `url=jdbc:postgresql://db.acme-corp.io:5432/main?user=deployer&password=${makePassword(make)}`,
      (make) => `"jdbc:sqlserver://db.acme-corp.io;user=sa;password=${makePassword(make)};encrypt=true"`,
    ],
    nearMisses: [
      () => 'url=jdbc:postgresql://localhost/main?user=user&password=password',
      () => 'url=jdbc:h2:mem:test',
      () => 'url=jdbc:mysql://db.acme-corp.io/main?user=a&password=${DB_PASSWORD}',
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'jdbc-oracle-password',
    provider: 'Oracle',
    title: 'Oracle JDBC URL with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'generic-password',
    docs: 'https://docs.oracle.com/en/database/oracle/oracle-database/21/jjdbc/data-sources-and-URLs.html',
    anchors: plain('jdbc:oracle:'),
    pattern:
      /jdbc:oracle:(?:thin|oci):(?<user>[A-Za-z0-9_$#.-]{1,40})\/(?<secret>[^\s"'<>`@/]{1,60})@(?:\/\/)?(?<host>[A-Za-z0-9_.-]{1,100})/,
    textOnly: true,
    judge: (match) =>
      judgeLogin(
        { user: match.groups['user'] ?? '', password: match.secret, host: match.groups['host'] ?? '' },
        'high',
      ),
    examples: [(make) => `jdbc:oracle:thin:deployer/${makePassword(make)}@//db.acme-corp.io:1521/main`],
    nearMisses: [() => 'jdbc:oracle:thin:scott/tiger@localhost:1521:XE'],
  },
  {
    ...shared,
    reach: 'near',
    id: 'ado-connection-string',
    provider: 'SQL Server',
    title: 'Database connection string with a password',
    severity: 'high',
    attack: 'Signs in to the database and reads or changes what the user may.',
    rotate: 'generic-password',
    docs: 'https://learn.microsoft.com/sql/connect/ado-net/connection-string-syntax',
    anchors: [
      { text: 'User ID=', ignoreCase: true },
      { text: 'UserId=', ignoreCase: true },
      { text: ';Uid=', ignoreCase: true },
      { text: ';User=', ignoreCase: true },
      { text: ';Username=', ignoreCase: true },
    ],
    pattern:
      /(?:user ?id|uid|user(?:name)?) ?= ?(?<user>[^\s;"'&]{1,60});[^"'\n\r]{0,120}?(?<![A-Za-z0-9_])(?:password|pwd) ?= ?(?<secret>[^\s;"'&<>]{1,80})/i,
    textOnly: true,
    judge: (match) => {
      const host = serverOf(match);
      if (host === undefined) return null;
      return judgeLogin(
        { user: match.groups['user'] ?? '', password: match.secret, host: host.replace(/\\.*$/s, '') },
        'high',
      );
    },
    examples: [
      (make) =>
        `"Server=tcp:main.database.windows.net,1433;Initial Catalog=a;User ID=deployer;Password=${makePassword(make)};"`,
    ],
    nearMisses: [
      () => '"Server=localhost;Database=a;User ID=sa;Password=password;"',
      () => '"Server=db.acme-corp.io;Initial Catalog=a;User ID=myUsername;Password=myPassword;"',
      () => '"Server=db.acme-corp.io;User ID=a;Password={{ password }};"',
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'sql-statement-password',
    provider: 'Database',
    title: 'Password in an SQL statement',
    category: 'password',
    severity: 'medium',
    attack: 'Signs in to the database as the user that the statement made.',
    rotate: 'generic-password',
    docs: 'https://dev.mysql.com/doc/refman/8.0/en/create-user.html',
    anchors: [
      'identified by',
      'with password',
      'encrypted password',
      'login password',
      'createdb password',
      'superuser password',
      'set password',
    ].map((text) => ({ text, ignoreCase: true })),
    pattern:
      /(?:identified by|(?:with|encrypted|login|createdb|superuser) password|set password[^;\n'"]{0,60}=)[ \t]{0,4}=?[ \t]{0,4}(?:password\()?N?\\{0,2}(?<quote>['"])(?<secret>(?:(?!\k<quote>)[^\r\n\\]){3,80})\\{0,2}\k<quote>/i,
    textOnly: true,
    judge: judgeStatement,
    examples: [
      (make) => `CREATE USER 'deployer'@'%' IDENTIFIED BY '${makePassword(make)}';`,
      (make) => `alter role deployer with encrypted password '${makePassword(make)}'`,
      (make) => `CREATE ROLE deployer WITH LOGIN PASSWORD "it's ${makePassword(make)}"`,
    ],
    nearMisses: [
      () => "CREATE USER 'a'@'%' IDENTIFIED BY 'password';",
      () => "CREATE USER 'a' IDENTIFIED BY '${DB_PASSWORD}';",
      (make) => `ALTER ROLE a WITH PASSWORD 'md5${make.hex(32)}'`,
      () => 'SET PASSWORD TO NULL',
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'oracle-statement-password',
    provider: 'Oracle',
    title: 'Password in an Oracle statement',
    category: 'password',
    severity: 'medium',
    attack: 'Signs in to the database as the user that the statement made.',
    rotate: 'generic-password',
    docs: 'https://docs.oracle.com/en/database/oracle/oracle-database/21/sqlrf/CREATE-USER.html',
    anchors: [{ text: 'identified by', ignoreCase: true }],
    // Without quotes: the end of the statement or one of its clauses tells it from a sentence.
    pattern:
      /(?:user|role)[ \t]{1,4}[\w$#".]{1,60}[ \t]{1,4}identified by[ \t]{1,4}(?<secret>[A-Za-z][A-Za-z0-9_$#]{5,29})(?=[ \t]{0,4};|[ \t]{1,4}(?:container|account|default|quota|temporary|profile|replace)\b)/i,
    textOnly: true,
    judge: judgeStatement,
    examples: [(make) => `alter user deployer identified by p${make.base62(14)}7 container=all;`],
    nearMisses: [
      () => 'create user deployer identified by password;',
      () => 'a user who is identified by numbers; and so on',
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'curl-user-password',
    provider: 'HTTP',
    title: 'User and password on a curl command line',
    category: 'password',
    severity: 'high',
    attack: 'Signs in to the server with the user and password that stand in the command.',
    rotate: 'basic-auth-url',
    docs: 'https://curl.se/docs/manpage.html',
    anchors: plain(' -u ', ' --user ', ' --proxy-user ', ' -U '),
    pattern:
      /\bcurl\b[^\n\r;|]{0,160}? (?:-u|-U|--user|--proxy-user) {1,2}["']?(?<user>[^\s:"'`$<>{}()[\]]{1,60}):(?<secret>(?![/\\])[^\s"'`<>]{4,100})/,
    textOnly: true,
    judge: (match) => {
      const line = match.before.slice(match.before.lastIndexOf('\n') + 1) + (match.after.split('\n', 1)[0] ?? '');
      const host = /https?:\/\/(?:[^\s/@"']{1,60}@)?([^\s/:"'?]{1,100})/.exec(line)?.[1] ?? 'localhost';
      return judgeLogin({ user: match.groups['user'] ?? '', password: match.secret, host }, 'high');
    },
    examples: [(make) => `curl -s -u deployer:${makePassword(make)} https://ci.acme-corp.io/job`],
    nearMisses: [
      () => 'curl -u user:password https://api.example.com/',
      () => 'curl -u $USER:$PASSWORD https://ci.acme-corp.io/',
      () => 'chown -u root:wheel9 file',
      () => 'acurl="$(cygpath -u "C:/msys64/usr/bin/curl.exe")" # curl -u C:/msys64/usr',
    ],
  },
];
