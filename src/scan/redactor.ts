import { isUtf8 } from 'node:buffer';
import type { Detector } from '../detect/index.ts';
import type { Exposure } from '../exposure/index.ts';
import type { Rule } from '../rules/index.ts';
import { decodeVisibly, latin1Bytes, utf8Bytes } from '../text/index.ts';
import { type LocatedFinding, locateAll } from './locate-visitor.ts';
import { threadDetector } from './thread-detector.ts';

/** Names, people and refs that a report shows, without the secrets that some of them are. */
export class Redactor {
  readonly #detector: Detector;

  constructor(rules: readonly Rule[]) {
    this.#detector = threadDetector(rules);
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
    return names.flatMap((name) => {
      const bytes = latin1Bytes(name);
      return locateAll(this.#detector.find(bytes), bytes, key).filter((one) => one.identity === identity);
    });
  }
}

/** A path that is UTF-8 is text; any other is escaped, and its bytes stand beside it. A secret in it is shown redacted, without bytes. */
export const pathFields = (path: string | null, redactor: Redactor): Pick<Exposure, 'path' | 'pathBase64'> => {
  if (path === null) return { path };
  const bytes = latin1Bytes(path);
  const text = redactor.bytes(bytes);
  return isUtf8(bytes) || redactor.holdsSecret(bytes)
    ? { path: text }
    : { path: text, pathBase64: Buffer.from(bytes).toString('base64') };
};
