/** DER by hand, as far as keys and certificates of tests need it. */
export const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
};

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
export const octets = (...parts: readonly Uint8Array[]): Buffer => der(0x04, ...parts);
export const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.of(0), bytes);
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
export const text = (value: string): Buffer => der(0x0c, Buffer.from(value));
/** UTCTime, `YYMMDDhhmmssZ`. */
export const time = (value: string): Buffer => der(0x17, Buffer.from(value));

export const integer = (value: bigint | number): Buffer => {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  // A leading zero byte keeps the sign where the first bit is set.
  return der(0x02, Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex'));
};

const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x100) return Buffer.of(0x81, length);
  return Buffer.of(0x82, length >> 8, length & 0xff);
};

export const pem = (label: string, bytes: Uint8Array, width = 64): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return `${[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')}\n`;
};
