/** A place in SSH wire data (RFC 4251, section 5): a read that would run past the end gives null, and leaves nothing to read. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  uint32(): number | null {
    const bytes = this.take(4);
    return bytes === null ? null : Buffer.from(bytes).readUInt32BE(0);
  }

  /** A length and that many bytes. */
  string(): Uint8Array | null {
    const length = this.uint32();
    return length === null ? null : this.take(length);
  }

  text(): string | null {
    const bytes = this.string();
    return bytes === null ? null : Buffer.from(bytes).toString('latin1');
  }

  take(length: number): Uint8Array | null {
    if (length > this.#bytes.length - this.#at) {
      this.#at = this.#bytes.length;
      return null;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** The same string form, written. */
export const wireString = (content: Uint8Array | string): Uint8Array => {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** An mpint: a magnitude with a zero byte before a set top bit. */
export const wireNumber = (magnitude: Uint8Array): Uint8Array =>
  wireString((magnitude[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), magnitude]) : magnitude);
