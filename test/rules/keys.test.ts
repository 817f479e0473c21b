import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Detector, type Finding } from '../../src/detect/index.ts';
import {
  keyRules,
  makeCertificate,
  makeJwk,
  makePem,
  makePgpKey,
  makePuttyKey,
  pairsOf,
  pemOf,
} from '../../src/rules/keys/index.ts';
import { judgeKey } from '../../src/rules/keys/judge-key.ts';
import { knownKeyGroups, knownKeyHashes } from '../../src/rules/keys/known-keys-data.ts';
import { bytesOf, ed25519Der, opensshKey } from '../../src/rules/keys/make-pem.ts';
import { latin1Bytes } from '../../src/text/index.ts';

const detector = new Detector(keyRules);
const find = (text: string): readonly Finding[] => detector.find(latin1Bytes(text));
const idsOf = (text: string): string[] => find(text).map(({ rule, judgement }) => `${rule.id} ${judgement.verdict}`);
const canonicalsOf = (text: string): string[] =>
  find(text).map(({ secret }) => Buffer.from(secret.reveal()).toString());

const rsa = createPrivateKey(makePem('rsa'));
const ec = createPrivateKey(makePem('ec', 'a'));
const seed = bytesOf('forms', 32);
const ed25519 = createPrivateKey({ key: Buffer.from(ed25519Der(seed)), format: 'der', type: 'pkcs8' });

const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1'): string =>
  key.export({ type, format: 'pem' }).toString();

/** How a block of lines is put into source code, configuration and prose; each must give the key back. */
const wrappings: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  'as it is': (lines) => lines.join('\n'),
  'with CRLF': (lines) => lines.join('\r\n'),
  'with CR': (lines) => lines.join('\r'),
  'escaped newlines': (lines) => `{"key": "${lines.join('\\n')}\\n"}`,
  'escaped CRLF': (lines) => `key='${lines.join('\\r\\n')}'`,
  'escaped twice': (lines) => `"{\\"key\\": \\"${lines.join('\\\\n')}\\"}"`,
  'escaped slashes': (lines) => `{"key":"${lines.join('\\n').replaceAll('/', '\\/')}"}`,
  'escaped hyphens': (lines) => `"${lines.join('\\n').replaceAll('-----', '\\u002d\\u002d\\u002d\\u002d\\u002d')}"`,
  'percent-encoded': (lines) => `key=${encodeURIComponent(lines.join('\n'))}&x=1`,
  'HTML entities': (lines) => `<a>&quot;${lines.join('&#10;')}&quot;</a>`,
  'HTML lines': (lines) => `<pre>${lines.join('<br/>\n')}</pre>`,
  'literals joined by +': (lines) => `key = ${lines.map((line) => `"${line}\\n"`).join(' +\n  ')};`,
  'literals joined by .': (lines) => `$key = ${lines.map((line) => `'${line}' . "\\n"`).join(' .\n  ')};`,
  'an array of lines': (lines) => `[${lines.map((line) => `'${line}'`).join(',\n')}].join('\\n')`,
  'adjacent literals': (lines) => `KEY = (\n${lines.map((line) => `    b'${line}\\n'\n`).join('')})`,
  'a macro': (lines) => `#define KEY \\\n${lines.map((line) => `  "${line}\\n" \\\n`).join('')}`,
  'calls of append': (lines) => lines.map((line) => `sb.append("${line}\\n");`).join('\n'),
  'Visual Basic': (lines) => lines.map((line) => `"${line}" & vbCrLf`).join(' & _\n'),
  'a # comment': (lines) => lines.map((line) => `  # ${line}`).join('\n'),
  'a // comment': (lines) => lines.map((line) => `// ${line}`).join('\n'),
  'a doc comment': (lines) => `/** ${lines.join('\n * ')}\n */`,
  'a quoted mail': (lines) => lines.map((line) => `> ${line}`).join('\n'),
  'a diff': (lines) => lines.map((line) => `+${line}`).join('\n'),
  'numbered lines': (lines) => lines.map((line, i) => `${i + 1}: ${line}`).join('\n'),
  'a YAML block': (lines) => `tls:\n  key: |\n${lines.map((line) => `    ${line}\n`).join('')}other: 1`,
  'a template literal': (lines) => `const key = \`${lines.join('\n')}\`;`,
  'three quotes': (lines) => `key = """${lines.join('\n')}"""`,
  'one line with blanks': (lines) => `KEY="${lines.join(' ')}"`,
  'one line without anything': (lines) => `KEY=${lines.join('')}`,
  'narrow lines': ([head = '', ...lines]) =>
    [
      head,
      ...(lines
        .slice(0, -1)
        .join('')
        .match(/.{1,20}/g) ?? []),
      lines.at(-1),
    ].join('\n'),
};

const forms: Readonly<Record<string, readonly [text: string, rule: string, of: KeyObject]>> = {
  'PKCS#1': [pem(rsa, 'pkcs1'), 'private-key', rsa],
  'PKCS#8 RSA': [pem(rsa, 'pkcs8'), 'private-key', rsa],
  SEC1: [pem(ec, 'sec1'), 'private-key', ec],
  'PKCS#8 EC': [pem(ec, 'pkcs8'), 'private-key', ec],
  'PKCS#8 Ed25519': [pem(ed25519, 'pkcs8'), 'private-key', ed25519],
  OpenSSH: [pemOf('OPENSSH PRIVATE KEY', opensshKey(seed, 'me@host'), 70), 'ssh-private-key', ed25519],
  'OpenSSH under a wrong label': [pemOf('RSA PRIVATE KEY', opensshKey(seed, 'me@host')), 'private-key', ed25519],
};

/** The DER SubjectPublicKeyInfo. */
const publicOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

const spkiHash = (key: KeyObject): string => createHash('sha256').update(publicOf(key)).digest('hex');

describe.each(Object.entries(wrappings))('a key written as %s', (_, wrap) => {
  test.each(Object.entries(forms))('is found in the form %s', (_form, [text, rule, key]) => {
    const wrapped = `before\n${wrap(text.trim().split('\n'))}\nafter\n`;
    const [found, ...others] = find(wrapped);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ rule: { id: rule }, judgement: { verdict: 'confirmed', spki: spkiHash(key) } });
    expect(found?.judgement.fingerprint).toBe(Buffer.from(found?.secret.reveal() ?? []).toString());
    const stored = wrapped.slice(found?.span.start, found?.span.end);
    expect(stored).toMatch(/^(-|\\u002d|%2D)/i);
    expect(stored).toMatch(/(-|\\u002d|%2D)$/i);
  });

  test('is found in the forms that are no PEM of DER', () => {
    const pgp = wrap(makePgpKey('a').trim().split('\n'));
    expect(idsOf(pgp)).toEqual(['pgp-private-key confirmed']);
    const certificate = wrap(makeCertificate('a').trim().split('\n'));
    expect(idsOf(certificate)).toEqual(['x509-certificate inert']);
  });
});

describe('the same key', () => {
  const same = [
    pem(rsa, 'pkcs1'),
    pem(rsa, 'pkcs8'),
    JSON.stringify(makeJwk(makePem('rsa'))),
    Buffer.from(rsa.export({ type: 'pkcs8', format: 'der' })).toString('latin1'),
    `key: ${rsa.export({ type: 'pkcs1', format: 'der' }).toString('base64')}`,
    ...['', ' ', '  '].map((lead) => `key: ${Buffer.from(lead + pem(rsa, 'pkcs1')).toString('base64')}`),
    `key: |\n  ${Buffer.from(pem(rsa, 'pkcs8')).toString('base64').replace(/.{76}/g, '$&\n  ')}`,
  ];

  test('has the same canonical bytes in every form', () => {
    const all = same.map(canonicalsOf);
    for (const canonicals of all) expect(canonicals).toEqual(all[0]);
    expect(all[0]).toHaveLength(1);
  });

  test('is known by the fingerprint that ssh-keygen prints', () => {
    // RFC 4253, 6.6: string "ssh-ed25519", string key; written here a second time.
    const open = publicOf(ed25519).subarray(-32);
    const blob = Buffer.concat([Buffer.of(0, 0, 0, 11), Buffer.from('ssh-ed25519'), Buffer.of(0, 0, 0, 32), open]);
    const expected = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=/g, '')}`;
    expect(canonicalsOf(pem(ed25519, 'pkcs8'))).toEqual([expected]);
  });

  test('is one with the certificate that fits it', () => {
    const [key, certificate] = find(`${pem(ec, 'sec1')}${makeCertificate('x', pem(ec, 'sec1'), 'web.example')}`);
    expect(certificate?.judgement.spki).toBe(key?.judgement.spki);
    const details = certificate?.judgement.reasons.map((reason) => reason.detail).join(' ');
    expect(details).toContain('CN=web.example');
    expect(details).toContain('Valid from 2030-01-01T00:00:00.000Z to 2030-12-31T23:59:59.000Z');
  });
});

describe('a key that is encrypted is inert, and says how', () => {
  const legacy = pem(ec, 'sec1').replace(
    '-----\n',
    '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011223344\n\n',
  );
  const encryptedSsh = (): string => {
    const plain = Buffer.from(opensshKey(seed, 'me@host'));
    const blobAt = plain.indexOf('ssh-ed25519') - 8;
    const options = Buffer.concat([Buffer.of(0, 0, 0, 16), Buffer.alloc(16, 7), Buffer.of(0, 0, 0, 24)]);
    const text = (content: Buffer): Buffer => Buffer.concat([Buffer.of(0, 0, 0, content.length), content]);
    const open = plain.subarray(blobAt - 4, blobAt + 55);
    const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32, 1), Buffer.alloc(16, 2));
    const closed = cipher.update(plain.subarray(blobAt + 59));
    const head = [
      Buffer.from('openssh-key-v1\0'),
      text(Buffer.from('aes256-ctr')),
      text(Buffer.from('bcrypt')),
      text(options),
    ];
    return pemOf('OPENSSH PRIVATE KEY', Buffer.concat([...head, open, text(closed)]), 70);
  };

  test.each([
    ['PKCS#8', makePem('encrypted'), 'AES-256-CBC, PBKDF2 with 10000 rounds'],
    ['the old form of PEM', legacy, 'AES-128-CBC, one round of MD5'],
    ['the old form of PEM on one line', legacy.trim().replaceAll('\n', ' '), 'AES-128-CBC, one round of MD5'],
    ['the old form of PEM, escaped', JSON.stringify(legacy), 'AES-128-CBC, one round of MD5'],
    ['OpenSSH', encryptedSsh(), 'aes256-ctr, bcrypt with 24 rounds'],
    ['PuTTY', makePuttyKey('a').replace('Encryption: none', 'Encryption: aes256-cbc'), 'aes256-cbc, Argon2'],
  ])('%s', (_, text, how) => {
    const found = find(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.judgement.verdict).toBe('inert');
    expect(found[0]?.judgement.reasons[0]).toMatchObject({ kind: 'encrypted' });
    expect(found[0]?.judgement.reasons[0]?.detail).toContain(how);
  });

  test('and is still the same credential as its plain form, where its public half is in clear', () => {
    expect(canonicalsOf(encryptedSsh())).toEqual(canonicalsOf(pem(ed25519, 'pkcs8')));
  });

  test('a PGP key whose secret was left out or lies on a card is inert too', () => {
    const bytes = Buffer.from(makePgpKey('a').split('\n').slice(2, -3).join(''), 'base64');
    const at = 53; // behind the packet's head and the public numbers
    expect(bytes[at]).toBe(0);
    for (const mode of [1, 2]) {
      const stub = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.of(255, 0, 101, 0),
        Buffer.from('GNU'),
        Buffer.of(mode),
      ]);
      stub[1] = stub.length - 2;
      expect(find(pemOf('PGP PRIVATE KEY BLOCK', stub))[0]?.judgement.reasons[0]?.kind).toBe('stub');
    }
  });
});

describe('text about keys is no key', () => {
  const begin = '-----BEGIN RSA PRIVATE KEY-----';
  const end = '-----END RSA PRIVATE KEY-----';
  test.each([
    ['a comparison', `if (x === "${begin}" && y.endsWith("${end}")) {}`],
    ['constants', `const a = '${begin}';\nconst b = '${end}';\n`],
    ['two constants in a header', `#define PEM_BEGIN "${begin}"\n#define PEM_END "${end}"\n`],
    ['a pattern', `/${begin}[A-Za-z0-9+/=\\s]+${end}/`],
    ['an empty block', `${begin}\n${end}`],
    ['dots', `${begin}\nMIIEpAIBAAKCAQEA...\n...\n${end}`],
    ['a filling', `${begin}\n${`${'x'.repeat(64)}\n`.repeat(20)}${end}`],
    ['a filling behind a true head', `${begin}\nMIIEpAIBAAKCAQEA${'X'.repeat(1588)}\n${end}`],
    ['a repeated word', `${begin}\n${'MYKEYHERE'.repeat(60)}\n${end}`],
    ['too short', `${begin}\nMIIEpAIBAAKCAQEA75ZnZ0Jx\n${end}`],
    ['a template', `${begin}\n{{ .Values.key }}\n${end}`],
    ['a heading without end', `${begin}\nis the first line of such a file.`],
    ['two heads', `${begin}\n${begin}\n${end}`],
    ['a concatenation', `"${begin}" + wrap(body, 64) + "${end}"`],
    ['a public key', createPublicKey(rsa).export({ type: 'pkcs1', format: 'pem' }).toString()],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
});

describe('a block that is not proved', () => {
  const der = rsa.export({ type: 'pkcs1', format: 'der' });

  test('is likely where its outer length fits: a scanner must not be fooled by a scrambled body', () => {
    const scrambled = Buffer.concat([der.subarray(0, 48), bytesOf('scrambled', der.length - 48)]);
    expect(idsOf(pemOf('RSA PRIVATE KEY', scrambled))).toEqual(['private-key likely']);
    const changed = Buffer.from(der);
    changed[60] = (changed[60] ?? 0) ^ 0x10;
    expect(idsOf(pemOf('RSA PRIVATE KEY', changed))).toEqual(['private-key likely']);
  });

  test('is possible where it was cut', () => {
    expect(idsOf(pemOf('RSA PRIVATE KEY', der.subarray(0, 700)))).toEqual(['private-key possible']);
  });

  test('is confirmed where its END is missing, but the key is whole', () => {
    expect(idsOf(`${makePem('rsa').replace(/-----END.*\n/, '')}\nand more text`)).toEqual(['private-key confirmed']);
    expect(idsOf(makePem('rsa').replace('END RSA', 'END EC'))).toEqual(['private-key confirmed']);
  });

  test('of a post-quantum kind is judged by its structure, the same on every Node', () => {
    // ML-DSA-44 as a seed: RFC 9881, the first 20 bytes are the same for all.
    const head = Buffer.from('3034020100300b060960864801650304031104228020', 'hex');
    expect(idsOf(pemOf('PRIVATE KEY', Buffer.concat([head, bytesOf('pq', 32)])))).toEqual(['private-key confirmed']);
  });
});

test('a key that the world already has is inert, and its source is named', () => {
  // Only the public half of the example in RFC 8037, appendix A, is needed to know it.
  const key = Buffer.from('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'base64url');
  const known = judgeKey({ state: 'plain', key: { type: 'ed25519', key }, name: 'Ed25519' }, key);
  expect(known).toMatchObject({ verdict: 'inert', reasons: [{ kind: 'known-key' }] });
  expect(known.reasons[0]?.detail).toContain('RFC 8037');
  expect(knownKeyGroups.reduce((sum, group) => sum + group.count, 0) * 8).toBe(
    Buffer.from(knownKeyHashes, 'base64').length,
  );
});

test('a weak key says why, and stays confirmed', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const [found] = find(pem(privateKey, 'pkcs8'));
  expect(found?.judgement.title).toBe('RSA private key, 1024 bits, not encrypted');
  expect(found?.judgement.reasons.map((reason) => reason.kind)).toEqual(['parsed', 'weak-key']);
});

test('a certificate is paired with the key that fits it, wherever both were found', () => {
  const all = find(
    `${pem(ec, 'sec1')}${makeCertificate('x', pem(ec, 'sec1'))}${makeCertificate('y')}${makePem('rsa')}`,
  );
  const candidates = all.map(({ rule, judgement }, index) => ({
    id: `${index}`,
    category: rule.category,
    spki: judgement.spki,
  }));
  expect(pairsOf([...candidates, ...candidates.toReversed()])).toEqual([{ key: '0', certificate: '1' }]);
});

test('a private key among many certificates is found once, and every certificate', () => {
  const certificates = Array.from({ length: 12 }, (_, i) => makeCertificate(`ca ${i}`));
  const ids = idsOf(`${certificates.join('')}${makePem('ec')}${certificates.join('')}`);
  expect(ids.filter((id) => id === 'private-key confirmed')).toHaveLength(1);
  expect(ids).toHaveLength(25);
});

test('changed, cut and interleaved blocks never throw, and never leave the text', () => {
  const samples = [
    ...Object.values(forms).map(([text]) => text),
    makePem('encrypted'),
    makePgpKey('a'),
    makePuttyKey('a'),
    makeCertificate('a'),
    JSON.stringify(makeJwk(makePem('ec'))),
    rsa.export({ type: 'pkcs8', format: 'der' }).toString('latin1'),
    Buffer.from(makePem('ec')).toString('base64'),
  ];
  const wraps = Object.values(wrappings);
  const edits = fc.array(fc.record({ at: fc.nat(5000), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.constantFrom(...wraps),
      edits,
      fc.nat(9),
      (text, wrap, changes, keep) => {
        let changed = wrap(text.split('\n'));
        for (const { at, cut, put } of changes) {
          const place = at % (changed.length + 1);
          changed = changed.slice(0, place) + put + changed.slice(place + cut);
        }
        if (keep < 3) changed = changed.slice(0, Math.floor((changed.length * (keep + 1)) / 4));
        for (const { span, judgement } of find(changed)) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(changed.length);
          expect(span.end).toBeGreaterThan(span.start);
          expect(judgement.reasons.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 400 },
  );
});
