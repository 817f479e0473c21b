import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Detector, inspectFile } from '../../src/detect/index.ts';
import { createMaker, createPathMatcher, fileRules, pathRules } from '../../src/rules/index.ts';
import { latin1, latin1Bytes, SecretBytes } from '../../src/text/index.ts';

const matcher = createPathMatcher(pathRules);
const make = createMaker('files');
const secret = make.base62(32);
const inspect = (path: string, content: string | Uint8Array) => {
  const bytes = typeof content === 'string' ? latin1Bytes(content) : content;
  const { findings, file } = inspectFile(bytes, matcher.match(path));
  const values = findings
    .filter((one) => one.judgement.verdict !== 'inert')
    .map((one) => `${one.rule.id} ${latin1(one.secret.reveal())}`);
  return { values, file: file && `${file.severity} ${file.verdict} ${file.reasons[0]?.kind}`, findings };
};

describe('every rule of files', () => {
  test.each(fileRules.map((rule) => [rule.id, rule] as const))(
    '%s finds its examples, not its near misses',
    (_, rule) => {
      for (const example of rule.examples) {
        const { findings } = inspect(rule.exampleName, example(make));
        expect(findings.filter((one) => one.judgement.verdict !== 'inert').map((one) => one.rule.id)).toEqual([
          rule.id,
        ]);
      }
      for (const nearMiss of rule.nearMisses) {
        const { values } = inspect(rule.exampleName, nearMiss(make));
        expect(values).toEqual([]);
      }
    },
  );
});

describe('an environment file', () => {
  test('with a real value is a leak, whatever stands around it', () => {
    const text = `\xef\xbb\xbf# settings\r\nPORT=3000\r\nexport API_KEY="${secret}" # key\r\n`;
    expect(inspect('.env', text)).toMatchObject({
      values: [`dotenv-secret ${secret}`],
      file: 'high likely holds-credentials',
    });
  });

  test('that was commented out is as leaked', () => {
    expect(inspect('.env', `# API_KEY=${secret}\n`).values).toEqual([`dotenv-secret ${secret}`]);
  });

  test('with placeholders, references or nothing is none', () => {
    const references = `DB_PASSWORD=${'$'}{DB_PASSWORD}\nAPI_KEY=$(pass show key)\n`;
    expect(inspect('.env.example', 'API_KEY=your-api-key\nDB_PASSWORD=changeme\n').file).toBe(
      'info inert placeholders-only',
    );
    expect(inspect('.env', references).file).toBe('info inert no-secrets');
    expect(inspect('.env', 'NODE_ENV=production\nPORT=80\n').file).toBe('info inert no-secrets');
    expect(inspect('.env', '').file).toBe('info inert empty');
    expect(inspect('.env', '# nothing here\n\n').file).toBe('info inert empty');
  });

  test('a template with a real value is a leak', () => {
    expect(inspect('.env.example', `API_KEY=${secret}\n`).file).toBe('high likely holds-credentials');
  });

  test('in UTF-16 is read, and its spans are bytes of the file', () => {
    const bytes = new Uint8Array([0xff, 0xfe, ...Buffer.from(`API_KEY=${secret}\r\n`, 'utf16le')]);
    const { findings, values } = inspect('.env', bytes);
    expect(values).toEqual([`dotenv-secret ${secret}`]);
    expect(findings[0]?.wrapping).toEqual(['utf-16le']);
    const span = findings[0]?.span ?? { start: 0, end: 0 };
    expect(Buffer.from(bytes.subarray(span.start, span.end)).toString('utf16le')).toBe(secret);
  });

  test('whose values are all encrypted is said to be encrypted', () => {
    const text = `API_KEY="encrypted:B${make.base62(80)}"\nDB_PASSWORD="encrypted:B${make.base62(80)}"\n`;
    expect(inspect('.env', text)).toMatchObject({ values: [], file: 'info inert encrypted' });
  });

  test('a value over several lines is one value', () => {
    const text = `A=1\nSECRET_KEY="${secret}\n${secret}"\nPORT=1\nAPI_KEY=${secret}\n`;
    expect(inspect('.env', text).values).toEqual([`dotenv-secret ${secret}`]);
  });
});

describe('an encrypted file is no leak, and says so', () => {
  test.each([
    ['.env', '\x00GITCRYPT\x00abc'],
    ['group_vars/all/vault.yml', `$ANSIBLE_VAULT;1.1;AES256\n${make.hex(80)}\n`],
    ['secrets/app.txt', `age-encryption.org/v1\n-> X25519 ${secret}\n`],
    ['deploy_key.enc', `Salted__${secret}`],
    ['server.key', `${dashes('BEGIN ENCRYPTED', 'PRIVATE KEY')}\n${secret}\n`],
    ['.env.vault', `DOTENV_VAULT_PRODUCTION="${secret}"\n`],
    ['prod-secrets.yaml', `password: ENC[AES256_GCM,data:${secret},type:str]\nsops:\n  mac: ENC[AES256_GCM,data:x]\n`],
  ])('%s', (path, content) => {
    expect(inspect(path, content)).toMatchObject({
      values: [],
      file: expect.stringMatching(/^(info|low) inert encrypted$/),
    });
  });
});

describe('keys and certificates', () => {
  const key = `${dashes('BEGIN', 'PRIVATE KEY')}\n${secret}\n`;

  test('a certificate is not a private key, wherever it stands', () => {
    const certificate = `${dashes('BEGIN', 'CERTIFICATE')}\nMIIB${secret}\n`;
    for (const path of ['site.crt', 'site.pem', 'server.key', 'certs/site']) {
      expect(inspect(path, certificate).file, path).toBe('info inert public');
    }
  });

  test('a private key is one also behind certificates and in a .crt', () => {
    expect(inspect('site.crt', key).file).toBe('high likely private-key');
    expect(inspect('site.pem', `${dashes('BEGIN', 'CERTIFICATE')}\n${`${secret}\n`.repeat(300)}${key}`).file).toBe(
      'high likely private-key',
    );
  });

  test('a key is what the key rules say of it, also in a .crt', () => {
    const bytes = latin1Bytes(key);
    const [rule] = fileRules;
    const inert = {
      rule: { ...rule, category: 'private-key' as const },
      span: { start: 0, end: 1 },
      secret: new SecretBytes(new Uint8Array(1)),
      redacted: '',
      judgement: {
        verdict: 'inert' as const,
        reasons: [{ kind: 'known-key', verdict: 'inert' as const, detail: 'Known.' }],
      },
      wrapping: [],
    };
    expect(inspectFile(bytes, matcher.match('a.pem'), { found: [inert] }).file).toMatchObject({ verdict: 'inert' });
    const proved = { ...inert, judgement: { ...inert.judgement, verdict: 'confirmed' as const } };
    expect(inspectFile(bytes, matcher.match('a.crt'), { found: [proved] }).file).toMatchObject({
      verdict: 'confirmed',
      severity: 'high',
    });
  });

  test('a binary that cannot be judged is reported by its name', () => {
    expect(inspect('release.jks', '\x00\x01\x02\x03').file).toBe('high possible name');
    expect(inspect('site.crt', '\x00\x01\x02\x03').file).toBeNull();
  });
});

test.each([
  ['server.key', 'PK\x03\x04 a Keynote presentation'],
  ['password.txt', '<!doctype html><title>Forgot your password?</title>'],
  ['secrets/logo', '\x89PNG\r\n\x1a\n'],
  ['credentials/reset', 'def reset(password):\n    password = request.form["password"]\n    return check(password)\n'],
  ['htpasswd', 'how to run htpasswd: see the manual\n'],
  ['docker-compose.yml', 'services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=postgres\n'],
])('%s that holds something else is no leak: %#', (path, content) => {
  const { file } = inspect(path, content);
  expect(file === null || file.includes('inert')).toBe(true);
});

test('a file that is not there (Git LFS) is named, not judged', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${make.hex(64)}\nsize 1234\n`;
  expect(inspect('release.p12', pointer).file).toBe('info possible not-here');
});

describe('readers', () => {
  test.each([
    ['JSON', 'appsettings.json', `{"Db": {"Password": "${secret}"}, /* c */ "Port": 1}`],
    ['JSON, names beside values', 'mcp.json', `{"env": [{"name": "DB_PASSWORD", "value": "${secret}"}]}`],
    ['JSON, cut off', 'appsettings.json', `{"Password": "${secret}", "next": {"a`],
    ['YAML', 'values.yaml', `db:\n  password: ${secret} # real\n`],
    ['YAML, names beside values', 'values.yaml', `env:\n  - name: DB_PASSWORD\n    value: "${secret}"\n`],
    ['YAML, list of assignments', 'docker-compose.yml', `environment:\n  - DB_PASSWORD=${secret}\n`],
    ['YAML, block', 'values.yaml', `db:\n  password: |-\n    ${secret}\n  port: 1\n`],
    ['XML, element', 'settings.xml', `<server><password>${secret}</password></server>`],
    ['XML, attribute', 'tomcat-users.xml', `<user username="a" password='${secret}'/>`],
    ['XML, names beside values', 'web.config', `<add key="ApiKey" value="${secret}"/>`],
    ['XML, name and value elements', 'web.config', `<p><name>password</name><value>${secret}</value></p>`],
    ['INI', '.my.cnf', `[client]\nuser=root\npassword = "${secret}"\n`],
    ['CSV', 'rootkey.csv', `Access key ID,Secret access key\r\nA,${secret}\r\n`],
    ['Terraform', 'prod.tfvars', `db_password = "${secret}"\n`],
    ['shell', '.envrc', `export DB_PASSWORD='${secret}'\n`],
    ['blank separated', '.msmtprc', `account a\npassword ${secret}\n`],
  ])('read %s', (_, path, content) => {
    expect(inspect(path, content).values).toEqual([
      `config-secret ${secret}`.replace(/^config/, path === '.envrc' ? 'dotenv' : 'config'),
    ]);
  });

  const anyPath = fc.constantFrom(...pathRules.map((rule) => rule.examples[0] ?? ''));
  const anyText = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'"\'`:=<>{}[]/\\\n\r -|#,;&abpasswordkey\x00\xff'), maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          'password',
          ': ',
          '=',
          '"',
          '\n',
          '<',
          '/>',
          '{',
          '}',
          'name',
          'value',
          secret,
          '\\',
          ' ',
          '- ',
        ),
      )
      .map((parts) => parts.join('')),
  );

  test('never throw, and every span lies in the file and holds the value', () => {
    fc.assert(
      fc.property(anyPath, anyText, (path, text) => {
        const { findings } = inspectFile(latin1Bytes(text), matcher.match(path));
        for (const { span, secret: value, wrapping } of findings) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          const raw = text.slice(span.start, span.end);
          if (wrapping.length === 0 && !/[\\&$%{]/.test(raw)) expect(raw).toBe(latin1(value.reveal()));
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(anyPath, fc.uint8Array({ maxLength: 300 }), (path, bytes) => {
        inspectFile(bytes, matcher.match(path));
      }),
      { numRuns: 300 },
    );
  });

  test('take one pass over text made to be slow', () => {
    const detector = new Detector([]);
    expect(detector.find(new Uint8Array(0))).toEqual([]);
    for (const unit of [
      '"',
      "'",
      '<',
      '{',
      '[',
      '\\',
      '- ',
      '---\n',
      'a:\n ',
      'a=',
      '&',
      '<a b="',
      '"a":',
      ' ',
      ':',
      '/',
      'x@',
      '`\n',
    ]) {
      const text = latin1Bytes(unit.repeat(200_000 / unit.length));
      for (const path of [
        '.env',
        'a.tfstate',
        'values.yaml',
        'settings.xml',
        'rootkey.csv',
        '.netrc',
        '.pgpass',
        '.htpasswd',
        '.git-credentials',
      ]) {
        expect(inspectFile(text, matcher.match(path)).findings, `${unit} ${path}`).toEqual([]);
      }
    }
  });
});

/** A PEM line that does not stand in this file. */
function dashes(begin: string, label: string): string {
  return `-----${begin} ${label}-----`;
}
