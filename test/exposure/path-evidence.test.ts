import { describe, expect, test } from 'vitest';
import { credentialVerdict, exposureVerdict, judgePath } from '../../src/exposure/index.ts';
import { categories, type Judgement, type Verdict } from '../../src/rules/index.ts';

const judged = (verdict: Verdict): Judgement => ({
  verdict,
  reasons: [{ kind: 'format', verdict, detail: 'It has the format.' }],
});

test.each([
  ['src/server.ts', []],
  ['.env', []],
  ['latest/contest.py', []],
  ['attestation/specification.js', []],
  ['bin/deploy.sh', []],
  ['constructor/__proto__', []],
  ['.env.example', ['example']],
  ['config/database.yml.dist', ['template']],
  ['settings.sample.py', ['example']],
  ['deploy/templates/app.yaml', ['template']],
  ['examples/login.js', ['example']],
  ['test/fixtures/key.pem', ['fixture', 'test']],
  ['integration-tests/login.rb', ['test']],
  ['pkg/auth/auth_test.go', ['test']],
  ['web/login.spec.ts', ['test']],
  ['src/main/java/UserTest.java', ['test']],
  ['src/main/java/Latest.java', []],
  ['tests/conftest.py', ['test']],
  ['__snapshots__/page.snap', ['fixture']],
  ['README.md', ['docs']],
  ['docs/setup.html', ['docs']],
  ['vendor/github.com/x/y.go', ['vendored']],
  ['web/node_modules/x/package-lock.json', ['lock-file', 'vendored']],
  ['Cargo.lock', ['lock-file']],
  ['go.sum', ['lock-file']],
  ['public/app.min.js', ['generated']],
  ['dist/main.js', ['generated']],
  ['config/locales/fr.yml', ['localisation']],
  ['res/values-de/strings.xml', ['localisation']],
  ['Resources/fr.lproj/Main.strings', ['localisation']],
])('%s: %j', (path, classes) => expect(judgePath(path).classes).toEqual(classes));

describe('the verdict of an exposure', () => {
  test('what the bytes prove stays proved anywhere, and the path is named', () => {
    for (const category of categories) {
      const { verdict, reasons } = exposureVerdict(judged('confirmed'), category, judgePath('test/fixtures/yarn.lock'));
      expect(verdict).toBe('confirmed');
      expect(reasons.map(({ kind }) => kind)).toEqual(['format', 'lock-file', 'fixture-path', 'test-path']);
    }
  });

  test('a password in tests or docs goes down one step, however many parts of the path say so', () => {
    for (const path of ['test/a.py', 'docs/examples/test/fixtures/a.md']) {
      expect(exposureVerdict(judged('likely'), 'password', judgePath(path)).verdict).toBe('possible');
    }
    const { reasons } = exposureVerdict(judged('likely'), 'password', judgePath('test/a.py'));
    expect(reasons).toMatchObject([{ kind: 'test-path', verdict: 'possible' }, { kind: 'format' }]);
  });

  test('a token with a format of its own keeps its verdict there', () => {
    const { verdict, reasons } = exposureVerdict(judged('likely'), 'cloud', judgePath('test/a.py'));
    expect(verdict).toBe('likely');
    expect(reasons.map(({ kind }) => kind)).toEqual(['format', 'test-path']);
  });

  test('a generic secret in a lock file is inert, a password in its URLs is not', () => {
    const path = judgePath('web/yarn.lock');
    expect(exposureVerdict(judged('likely'), 'generic', path)).toMatchObject({
      verdict: 'inert',
      reasons: [{ kind: 'lock-file', verdict: 'inert' }, { kind: 'format' }],
    });
    expect(exposureVerdict(judged('likely'), 'connection-string', path).verdict).toBe('likely');
  });

  test('inert stays inert, for the reason that made it so', () => {
    const { verdict, reasons } = exposureVerdict(judged('inert'), 'generic', judgePath('docs/a.md'));
    expect([verdict, reasons[0]?.kind]).toEqual(['inert', 'format']);
  });

  test('an ordinary path changes nothing', () => {
    expect(exposureVerdict(judged('likely'), 'generic', judgePath('src/a.ts'))).toEqual(judged('likely'));
  });
});

test('a credential is as sure as its surest exposure, for the reasons of that', () => {
  const exposures = [
    exposureVerdict(judged('likely'), 'password', judgePath('README.md')),
    exposureVerdict(judged('likely'), 'password', judgePath('deploy.sh')),
  ];
  expect(credentialVerdict(exposures)).toEqual(judged('likely'));
  expect(credentialVerdict([])).toEqual({ verdict: 'inert', reasons: [] });
});
