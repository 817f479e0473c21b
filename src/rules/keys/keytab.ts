/**
 * Walks a Kerberos keytab (version 5.2) to its end.
 * @returns the principals whose keys it holds (hostile text), or null where the bytes are none, or hold no key.
 * @see the MIT krb5 documentation, "The Kerberos keytab file format"
 */
export const readKeytab = (bytes: Uint8Array): readonly string[] | null => {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 20 || data[0] !== 5 || data[1] !== 2) return null;
  const principals: string[] = [];
  for (let at = 2; at + 4 <= data.length; ) {
    const size = data.readInt32BE(at);
    const end = at + 4 + Math.abs(size);
    if (size === 0 || end > data.length) break;
    if (size > 0) {
      const name = principalOf(data.subarray(at + 4, end));
      if (name === null) return null;
      if (principals.length < 100) principals.push(name);
    }
    at = end;
  }
  return principals.length > 0 ? principals : null;
};

const principalOf = (entry: Buffer): string | null => {
  if (entry.length < 8) return null;
  const count = entry.readUInt16BE(0);
  if (count === 0 || count > 8) return null;
  const parts: string[] = [];
  let at = 2;
  for (let i = 0; i <= count; i += 1) {
    if (at + 2 > entry.length) return null;
    const length = entry.readUInt16BE(at);
    if (at + 2 + length > entry.length) return null;
    parts.push(entry.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [realm = '', ...components] = parts;
  // Name type, time, version and key type stand before the key.
  const keyBytes = at + 13 <= entry.length ? entry.readUInt16BE(at + 11) : 0;
  return keyBytes > 0 && at + 13 + keyBytes <= entry.length ? `${components.join('/')}@${realm}` : null;
};
