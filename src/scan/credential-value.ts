import type { Finding } from '../detect/index.ts';
import {
  type Credential,
  compareExposures,
  credentialVerdict,
  type Exposure,
  firstExposed,
  lastExposed,
  type Published,
} from '../exposure/index.ts';
import { type Rule, rotationFor, type Severity } from '../rules/index.ts';
import { decodeVisibly } from '../text/index.ts';

export interface CredentialParts {
  readonly id: string;
  /** The leading one first. */
  readonly rules: readonly Rule[];
  /** By the leading rule, with the secret. */
  readonly finding: Finding;
  readonly severity: Severity;
  readonly pairs: Credential['pairs'];
  readonly exposures: readonly Exposure[];
  readonly published: Published;
  readonly showSecrets: boolean;
}

/** A credential as the report has it. */
export const credentialValue = (parts: CredentialParts): Credential => {
  const { rules, finding, exposures } = parts;
  const [rule = finding.rule] = rules;
  const { verdict, reasons } = credentialVerdict(exposures);
  return {
    id: parts.id,
    rule: rule.id,
    otherRules: rules
      .filter(({ id }) => id !== rule.id)
      .map(({ id }) => id)
      .sort(),
    provider: rule.provider,
    title: finding.judgement.title ?? rule.title,
    severity: parts.severity,
    category: rule.category,
    redacted: finding.redacted,
    fingerprint: finding.judgement.fingerprint ?? null,
    ...(parts.showSecrets ? { secret: decodeVisibly(finding.secret.reveal()) } : {}),
    verdict,
    reasons,
    pairs: parts.pairs,
    published: parts.published,
    exposures: [...exposures].sort(compareExposures),
    firstExposed: firstExposed(exposures),
    lastExposed: lastExposed(exposures),
    rotate: rotationFor(rule),
  };
};
