import { createHash } from 'node:crypto';
import { type CertificateFacts, readCertificate } from './certificate.ts';

export interface KeystoreFacts {
  readonly format: 'JKS' | 'JCEKS';
  readonly keys: number;
  readonly certificates: number;
  readonly secretKeys: number;
  /** Names of the entries; hostile text. */
  readonly aliases: readonly string[];
  /** The first certificate of the first private key. */
  readonly certificate: CertificateFacts | null;
  /** A common password whose checksum fits, or null. */
  readonly password: string | null;
}

/** Name and password of the entry in the debug store that Android's tools make: documented, and everywhere the same. */
export const androidDebugEntry = ['androiddebugkey', 'android'] as const;

const common: readonly string[] = ['changeit', 'changeme', 'password', androidDebugEntry[1], 'secret', ''];
const mostEntries = 10_000;

/**
 * Walks a Java key store; entry types, aliases and certificates are in clear in it.
 * @returns null where the bytes are none. @see the classes JavaKeyStore and JceKeyStore of the JDK
 */
export const readJavaKeystore = (bytes: Uint8Array): KeystoreFacts | null => {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 32) return null;
  const magic = data.readUInt32BE(0);
  const version = data.readUInt32BE(4);
  if ((magic !== 0xfeedfeed && magic !== 0xcececece) || version < 1 || version > 2) return null;
  const walk = new EntryWalk(data, version);
  const found = { keys: 0, certificates: 0, secretKeys: 0 };
  const aliases: string[] = [];
  let certificate: CertificateFacts | null = null;
  const count = Math.min(data.readUInt32BE(8), mostEntries);
  for (let i = 0; i < count; i += 1) {
    const kind = walk.number();
    const alias = walk.utf();
    if (kind === null || alias === null || walk.take(8) === null) break;
    aliases.push(alias);
    if (kind === 1) {
      found.keys += 1;
      if (walk.block() === null) break;
      const chain = walk.number() ?? 0;
      for (let c = 0; c < Math.min(chain, 100); c += 1) {
        const der = walk.certificate();
        if (der === null) break;
        certificate ??= readCertificate(der);
      }
    } else if (kind === 2) {
      found.certificates += 1;
      if (walk.certificate() === null) break;
    } else {
      // A sealed Java object of unstated length: what follows cannot be walked.
      if (kind === 3) found.secretKeys += 1;
      break;
    }
  }
  const format = magic === 0xfeedfeed ? 'JKS' : 'JCEKS';
  return { format, ...found, aliases, certificate, password: openedBy(data) };
};

/** The trailer is SHA-1 over the password in UTF-16BE, a phrase, and all bytes before it. */
const openedBy = (data: Buffer): string | null => {
  const body = data.subarray(0, -20);
  const expected = data.subarray(-20);
  return (
    common.find((password) =>
      createHash('sha1')
        .update(Buffer.from(password, 'utf16le').swap16())
        .update('Mighty Aphrodite')
        .update(body)
        .digest()
        .equals(expected),
    ) ?? null
  );
};

/** Bounded reads from behind the header on; null where the store ends too early. */
class EntryWalk {
  readonly #data: Buffer;
  readonly #version: number;
  #at = 12;

  constructor(data: Buffer, version: number) {
    this.#data = data;
    this.#version = version;
  }

  number(): number | null {
    return this.take(4)?.readUInt32BE(0) ?? null;
  }

  /** A text as Java writes it: two bytes of length. */
  utf(): string | null {
    const length = this.take(2)?.readUInt16BE(0);
    return length === undefined ? null : (this.take(length)?.toString('utf8') ?? null);
  }

  /** Four bytes of length, and the bytes. */
  block(): Buffer | null {
    const length = this.number();
    return length === null ? null : this.take(length);
  }

  certificate(): Buffer | null {
    if (this.#version === 2 && this.utf() === null) return null;
    return this.block();
  }

  take(length: number): Buffer | null {
    if (length > this.#data.length - this.#at) return null;
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }
}
