import { aiRules } from './ai.ts';
import { atlassianRules } from './atlassian.ts';
import { awsRules } from './aws.ts';
import { azureRules } from './azure.ts';
import { ciRules } from './ci.ts';
import { connectionRules } from './connections.ts';
import { genericRules } from './generic.ts';
import { githubRules } from './github.ts';
import { gitlabRules } from './gitlab.ts';
import { googleRules } from './google.ts';
import { hostingRules } from './hosting.ts';
import { httpRules } from './http.ts';
import { keyRules } from './keys/index.ts';
import { messagingRules } from './messaging.ts';
import { monitoringRules } from './monitoring.ts';
import { fileRules } from './paths-secrets.ts';
import { paymentRules } from './payments.ts';
import { registryRules } from './registries.ts';
import type { Rule } from './rule.ts';
import { saasRules } from './saas.ts';
import { secretManagerRules } from './secret-managers.ts';
import { socialRules } from './social.ts';
import { teamworkRules } from './teamwork.ts';

/** Every built-in rule, one line a family. Their order means nothing: findings are ordered by place and rule id. */
export const catalogue: readonly Rule[] = [
  ...aiRules,
  ...atlassianRules,
  ...awsRules,
  ...azureRules,
  ...ciRules,
  ...connectionRules,
  ...fileRules,
  ...genericRules,
  ...githubRules,
  ...gitlabRules,
  ...googleRules,
  ...hostingRules,
  ...httpRules,
  ...keyRules,
  ...messagingRules,
  ...monitoringRules,
  ...paymentRules,
  ...registryRules,
  ...saasRules,
  ...secretManagerRules,
  ...socialRules,
  ...teamworkRules,
];
