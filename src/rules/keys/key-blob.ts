/**
 * Whether the bytes are a Microsoft PRIVATEKEYBLOB of RSA whose primes multiply to its modulus. Numbers stand least
 * significant byte first. @see the Windows documentation, "RSA/Schannel Key BLOBs"
 */
export const provesKeyBlob = (bytes: Uint8Array): boolean => {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 20 || data.toString('latin1', 8, 12) !== 'RSA2') return false;
  const sizeBytes = data.readUInt32LE(12) / 8;
  const half = sizeBytes / 2;
  if (!Number.isInteger(half) || half < 32 || half > 1024 || data.length < 20 + 2 * sizeBytes) return false;
  const number = (at: number, length: number): bigint =>
    BigInt(
      `0x${Buffer.from(data.subarray(at, at + length))
        .reverse()
        .toString('hex')}`,
    );
  return number(20 + sizeBytes, half) * number(20 + sizeBytes + half, half) === number(20, sizeBytes);
};
