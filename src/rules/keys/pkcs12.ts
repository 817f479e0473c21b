import { createHash, createHmac } from 'node:crypto';
import { childrenOf, contentOf, type Element, magnitudeOf, oidOf, readElement, tags } from './der.ts';
import { oids } from './oids.ts';

export interface Pkcs12Facts {
  /** The password that opens it, if it is one that everybody tries: the empty one counts. */
  readonly password: string | null;
  /** A private key lies in it without encryption. */
  readonly hasPlainKey: boolean;
  /** An encrypted private key is seen; false says nothing where the bags themselves are encrypted. */
  readonly hasShroudedKey: boolean;
  readonly rounds: number | null;
}

/** Passwords of tools' documentation: whoever finds the store tries them first. */
export const commonPasswords: readonly string[] = [
  '',
  'changeit',
  'password',
  'notasecret',
  'android',
  'changeme',
  'secret',
  'test',
  'export',
];

/** Checking one password costs this many hashes, declared by the file: more is not tried. */
const mostRounds = 12_000;

/**
 * Reads the outside of a PKCS#12 file.
 * @returns null where the bytes are none. @see RFC 7292
 */
export const readPkcs12 = (bytes: Uint8Array): Pkcs12Facts | null => {
  const outer = readElement(bytes, 0);
  const [version, safe, mac] = (outer?.tag === tags.sequence && childrenOf(bytes, outer)) || [];
  if (version?.tag !== tags.integer || bytes[version.start] !== 3 || safe?.tag !== tags.sequence) return null;
  const content = dataOf(bytes, safe);
  const bags = content ? bagKinds(contentOf(bytes, content)) : new Set<string>();
  const opened = mac && content ? openedBy(bytes, mac, contentOf(bytes, content)) : { password: null, rounds: null };
  return { ...opened, hasPlainKey: bags.has(oids.keyBag), hasShroudedKey: bags.has(oids.shroudedKeyBag) };
};

/** The OCTET STRING of a ContentInfo of type data. */
const dataOf = (bytes: Uint8Array, info: Element): Element | null => {
  const [oid, wrapped] = childrenOf(bytes, info) ?? [];
  if (!oid || oidOf(bytes, oid) !== oids.pkcs7Data || wrapped?.tag !== tags.context0) return null;
  const data = readElement(bytes, wrapped.start, wrapped.end);
  return data?.tag === tags.octetString ? data : null;
};

/** The kinds of bags that lie in clear: AuthenticatedSafe → ContentInfo of type data → SafeContents → SafeBag. */
const bagKinds = (safe: Uint8Array): ReadonlySet<string> => {
  const outer = readElement(safe, 0);
  const kinds = new Set<string>();
  for (const info of (outer && childrenOf(safe, outer)) || []) {
    const data = dataOf(safe, info);
    const contents = data && readElement(safe, data.start, data.end);
    for (const bag of (contents && childrenOf(safe, contents, 1000)) || []) {
      const kind = readElement(safe, bag.start, bag.end);
      if (kind) kinds.add(oidOf(safe, kind) ?? '');
    }
  }
  return kinds;
};

const digests: ReadonlyMap<string, { readonly name: string; readonly blockBytes: number; readonly sizeBytes: number }> =
  new Map([
    ['1.3.14.3.2.26', { name: 'sha1', blockBytes: 64, sizeBytes: 20 }],
    ['2.16.840.1.101.3.4.2.1', { name: 'sha256', blockBytes: 64, sizeBytes: 32 }],
    ['2.16.840.1.101.3.4.2.2', { name: 'sha384', blockBytes: 128, sizeBytes: 48 }],
    ['2.16.840.1.101.3.4.2.3', { name: 'sha512', blockBytes: 128, sizeBytes: 64 }],
  ]);

/** Tries the common passwords on MacData { DigestInfo { algorithm, digest }, salt, rounds }. */
const openedBy = (
  bytes: Uint8Array,
  mac: Element,
  content: Uint8Array,
): { readonly password: string | null; readonly rounds: number | null } => {
  const [info, salt, count] = childrenOf(bytes, mac) ?? [];
  const [algorithm, expected] = (info && childrenOf(bytes, info)) || [];
  const [oid] = (algorithm && childrenOf(bytes, algorithm)) || [];
  const digest = digests.get((oid && oidOf(bytes, oid)) ?? '');
  const rounds = count ? Number.parseInt(Buffer.from(magnitudeOf(bytes, count)).toString('hex') || '0', 16) : 1;
  if (!digest || !salt || !expected || salt.end - salt.start > 128) return { password: null, rounds };
  if (rounds > mostRounds || content.length > 4_000_000) return { password: null, rounds };
  const password = commonPasswords.find((candidate) =>
    passwordForms(candidate).some((form) => {
      const key = deriveMacKey(digest, form, contentOf(bytes, salt), rounds);
      return createHmac(digest.name, key).update(content).digest().equals(contentOf(bytes, expected));
    }),
  );
  return { password: password ?? null, rounds };
};

/** UTF-16BE with a final zero; the empty password is written as nothing by some tools. */
const passwordForms = (password: string): readonly Uint8Array[] => {
  const form = Buffer.from(`${password}\0`, 'utf16le').swap16();
  return password === '' ? [form, new Uint8Array(0)] : [form];
};

/** @see RFC 7292, appendix B.2, with the id 3 (a key for a MAC); one block of output is enough. */
const deriveMacKey = (
  digest: { readonly name: string; readonly blockBytes: number },
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
): Uint8Array => {
  const fill = (bytes: Uint8Array): Uint8Array =>
    bytes.length === 0
      ? bytes
      : Buffer.alloc(digest.blockBytes * Math.ceil(bytes.length / digest.blockBytes), Buffer.from(bytes));
  let key = createHash(digest.name)
    .update(Buffer.alloc(digest.blockBytes, 3))
    .update(fill(salt))
    .update(fill(password))
    .digest();
  for (let round = 1; round < rounds; round += 1) key = createHash(digest.name).update(key).digest();
  return key;
};
