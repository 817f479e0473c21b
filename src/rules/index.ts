/**
 * The catalogue: what a credential looks like, as data with its own examples and near misses, one file a provider family.
 * Knows no repository and no path but the globs of path rules; a rule decides from bytes alone, and never fails.
 */

export { catalogue } from './catalogue.ts';
export { type AssignmentContext, judgeAssignment } from './generic-judge.ts';
export { type CredentialName, credentialName, credentialStems } from './generic-names.ts';
export {
  type CertificateFacts,
  type ContainerFormat,
  type ContainerJudgement,
  containerFormats,
  judgeContainer,
  type KeyPair,
  makeCertificate,
  makePem,
  makePgpKey,
  makePuttyKey,
  type PairCandidate,
  pairsOf,
  readCertificate,
} from './keys/index.ts';
export { createMaker } from './maker.ts';
export { pathRules } from './paths.ts';
export { createPathMatcher, type PathMatcher } from './paths-matcher.ts';
export { type FileRuleId, fileRules } from './paths-secrets.ts';
export { placeholderReason, wordsOf } from './placeholder.ts';
export { referenceDefault, referenceReason } from './reference.ts';
export { type Rotation, rotationFor } from './rotation.ts';
export {
  type Anchor,
  type Category,
  categories,
  type FileParser,
  type FileRule,
  fileParsers,
  type Judgement,
  type LongMatch,
  type LongRule,
  type Maker,
  type NearRule,
  type PathRule,
  type PatternMatch,
  type Rule,
} from './rule.ts';
export {
  isAtLeastAsSevere,
  isAtLeastAsSure,
  type Reason,
  type Severity,
  severities,
  strongestVerdict,
  type Verdict,
  verdicts,
} from './verdict.ts';
