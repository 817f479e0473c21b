import { Detector, type Finding } from '../detect/index.ts';
import type { Rule } from '../rules/index.ts';
import { decodeVisibly, latin1Bytes, utf8Bytes } from '../text/index.ts';
import { identityOf } from './find-visitor.ts';
import type { LocatedFinding } from './locate-visitor.ts';

/** Names, people and refs that a report shows, without the secrets that some of them are. */
export class Redactor {
  readonly #detector: Detector;

  constructor(rules: readonly Rule[]) {
    this.#detector = new Detector(rules);
  }

  text(text: string): string {
    return this.bytes(utf8Bytes(text));
  }

  bytes(bytes: Uint8Array): string {
    let shown = '';
    let at = 0;
    for (const { span, redacted } of this.#detector.find(bytes)) {
      if (span.start < at) continue;
      shown += decodeVisibly(bytes.subarray(at, span.start)) + redacted;
      at = span.end;
    }
    return shown + decodeVisibly(bytes.subarray(at));
  }

  holdsSecret(bytes: Uint8Array): boolean {
    return this.#detector.find(bytes).length > 0;
  }

  /** Findings of one credential in names: each stands on its only line. */
  findings(identity: string, key: Uint8Array, names: readonly string[]): readonly LocatedFinding[] {
    return names.flatMap((name) =>
      this.#detector
        .find(latin1Bytes(name))
        .map((finding) => located(finding, key))
        .filter((one) => one.identity === identity),
    );
  }
}

const located = (finding: Finding, key: Uint8Array): LocatedFinding => ({
  finding,
  identity: identityOf(finding.secret.reveal(), key),
  ...finding.span,
  from: { line: 1, column: finding.span.start + 1 },
  to: { line: 1, column: finding.span.end + 1 },
  headerLines: 0,
});
