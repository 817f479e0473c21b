import { atlassianRules } from './atlassian.ts';
import { awsRules } from './aws.ts';
import { azureRules } from './azure.ts';
import { genericRules } from './generic.ts';
import { githubRules } from './github.ts';
import { gitlabRules } from './gitlab.ts';
import { googleRules } from './google.ts';
import { fileRules } from './paths-secrets.ts';
import type { Rule } from './rule.ts';

/** Every built-in rule, one line a family. Their order means nothing: findings are ordered by place and rule id. */
export const catalogue: readonly Rule[] = [
  ...atlassianRules,
  ...awsRules,
  ...azureRules,
  ...fileRules,
  ...genericRules,
  ...githubRules,
  ...gitlabRules,
  ...googleRules,
];
