import { gitlabChecksum, hasGitlabChecksum } from './checksum.ts';
import { byChecksum, byShape } from './judge.ts';
import type { Maker, NearRule, Rule } from './rule.ts';
import { type Body, base64urlBody, hexBody, token } from './token.ts';

const shared = {
  provider: 'GitLab',
  category: 'vcs',
  docs: 'https://docs.gitlab.com/security/tokens/',
  rotate: 'gitlab-token',
} as const;
const ci = { ...shared, rotate: 'gitlab-ci-tokens' } as const;

const routableSource = String.raw`[A-Za-z0-9_-]{27,200}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9}`;

/** The form that says where it belongs; it ends in a checksum over all of it, prefix included. */
const makeRoutable = (make: Maker, prefix: string): string => {
  const payload = make.base64url(32);
  const head = `${prefix}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`;
  return head + gitlabChecksum(head);
};

const routable = (prefix: string, more = ''): Body => ({
  source: `${more}${routableSource}`,
  end: 'A-Za-z0-9_-',
  make: (make) => makeRoutable(make, prefix).slice(prefix.length),
});

/** The routable form of a token: `id-routable`, same facts, told from the short one by its dots. */
const withRoutable = (rule: NearRule, prefix: string, more = ''): readonly NearRule[] => [
  rule,
  token({
    ...rule,
    id: `${rule.id}-routable`,
    title: `${rule.title} (routable)`,
    prefixes: [prefix],
    anchors: [prefix],
    body: routable(more === '' ? prefix : `${prefix}t1_`, more),
    judge: byChecksum(hasGitlabChecksum),
    examples: [(make) => `token = ${makeRoutable(make, more === '' ? prefix : `${prefix}t1_`)}`],
    nearMisses: [(make) => `token = ${makeRoutable(make, prefix).slice(0, -7)}0000000`],
  }),
];

/** Twenty characters, and no dot that would make it the head of a routable one. */
const short = (length = 20, more = ''): Body => ({
  source: `${more}[A-Za-z0-9_-]{${length}}(?!\\.[0-9a-z]{2,9}\\b)`,
  end: 'A-Za-z0-9_-',
  make: (make) => make.base64url(length),
});

export const gitlabRules: readonly Rule[] = [
  ...withRoutable(
    token({
      ...shared,
      id: 'gitlab-pat',
      title: 'GitLab access token',
      severity: 'critical',
      attack: 'Acts as a user, project or group on everything that it may reach.',
      prefixes: ['glpat-'],
      body: short(),
    }),
    'glpat-',
  ),
  ...withRoutable(
    token({
      ...ci,
      id: 'gitlab-deploy-token',
      title: 'GitLab deploy token',
      severity: 'high',
      attack: 'Clones the code, pulls images and reads or writes packages of a project or group.',
      prefixes: ['gldt-'],
      body: short(),
    }),
    'gldt-',
  ),
  ...withRoutable(
    token({
      ...ci,
      id: 'gitlab-runner-token',
      title: 'GitLab runner authentication token',
      severity: 'high',
      attack: 'Poses as a runner and takes jobs with the secrets that they are given.',
      prefixes: ['glrt-'],
      body: short(20, '(?:t[0-9]_)?'),
    }),
    'glrt-',
    't[0-9]_',
  ),
  ...withRoutable(
    token({
      ...ci,
      id: 'gitlab-runner-derived-token',
      title: 'GitLab runner token (of a registration token)',
      severity: 'high',
      attack: 'Poses as a runner and takes jobs with the secrets that they are given.',
      prefixes: ['glrtr-'],
      body: short(),
    }),
    'glrtr-',
  ),
  token({
    ...ci,
    id: 'gitlab-runner-registration-token',
    title: 'GitLab runner registration token',
    severity: 'high',
    attack: 'Enrols a runner of the attacker, which is then given jobs and their secrets.',
    prefixes: ['GR1348941'],
    body: base64urlBody(20),
  }),
  token({
    ...ci,
    id: 'gitlab-ci-job-token',
    title: 'GitLab CI/CD job token',
    severity: 'low',
    attack: 'Acts as a pipeline job until that job ends.',
    prefixes: ['glcbt-'],
    body: {
      source: '(?:[0-9a-f]{1,5}_)?[A-Za-z0-9_-]{20}',
      end: 'A-Za-z0-9_-',
      make: (make) => `${make.hex(2)}_${make.base64url(20)}`,
    },
  }),
  token({
    ...ci,
    id: 'gitlab-trigger-token',
    title: 'GitLab pipeline trigger token',
    severity: 'medium',
    attack: 'Starts pipelines with variables of the attacker.',
    prefixes: ['glptt-'],
    body: hexBody(40),
  }),
  token({
    ...shared,
    id: 'gitlab-feed-token',
    title: 'GitLab feed token',
    severity: 'medium',
    attack: 'Reads the private activity feeds and calendars of a user.',
    prefixes: ['glft-'],
    body: {
      source: '(?:[A-Za-z0-9_-]{20}|[0-9a-f]{64}-[0-9]{1,12})',
      end: 'A-Za-z0-9_-',
      make: (make) => make.base64url(20),
    },
  }),
  token({
    ...shared,
    id: 'gitlab-incoming-mail-token',
    title: 'GitLab incoming mail token',
    severity: 'medium',
    attack: 'Opens issues and merge requests in the name of the user by mail.',
    prefixes: ['glimt-'],
    body: base64urlBody(25),
  }),
  token({
    ...shared,
    id: 'gitlab-agent-token',
    title: 'GitLab agent for Kubernetes token',
    severity: 'high',
    attack: 'Poses as the agent of a cluster.',
    prefixes: ['glagent-'],
    body: base64urlBody(50),
  }),
  token({
    ...shared,
    id: 'gitlab-oauth-app-secret',
    title: 'GitLab OAuth application secret',
    severity: 'high',
    attack: 'Completes the login of an OAuth application in its name.',
    prefixes: ['gloas-'],
    body: base64urlBody(64),
  }),
  token({
    ...shared,
    id: 'gitlab-scim-token',
    title: 'GitLab SCIM token',
    severity: 'high',
    attack: 'Creates and removes the members of a group.',
    prefixes: ['glsoat-'],
    body: base64urlBody(20),
  }),
  token({
    ...shared,
    id: 'gitlab-feature-flag-token',
    title: 'GitLab feature flag client token',
    severity: 'low',
    attack: 'Reads the states of feature flags.',
    prefixes: ['glffct-'],
    body: base64urlBody(20),
  }),
  token({
    ...shared,
    id: 'gitlab-workspace-token',
    title: 'GitLab workspace token',
    severity: 'medium',
    attack: 'Speaks to the agent for one workspace.',
    prefixes: ['glwt-'],
    body: base64urlBody(20, 64),
    judge: byShape('possible'),
  }),
];
