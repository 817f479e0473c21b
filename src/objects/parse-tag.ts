import type { ObjectFormat, ObjectType, Oid } from '../git/index.ts';
import { type ByteSpan, latin1 } from '../text/index.ts';
import { oidIn } from './parse-commit.ts';
import { firstLine, type Header, parseHeaders } from './parse-headers.ts';
import { type Person, parsePerson } from './parse-person.ts';

/** An annotated tag as it is stored. */
export interface ParsedTag {
  /** What it names; null where no usable header says so. */
  readonly object: Oid | null;
  readonly type: ObjectType | null;
  /** The name that the tag gives itself, which need not be its ref's. */
  readonly name: ByteSpan | null;
  /** In order; old tags have none. */
  readonly taggers: readonly Person[];
  readonly extra: readonly Header[];
  /** Everything behind the first empty line, a signature at its end included. */
  readonly message: ByteSpan;
}

/** Parses the bytes of a tag object. Total: what is not there is null or empty. */
export const parseTag = (bytes: Uint8Array, format: ObjectFormat): ParsedTag => {
  const { headers, message } = parseHeaders(bytes);
  const [object, type, name] = ['object', 'type', 'tag'].map((wanted) => headers.find((h) => h.name === wanted));
  const used = new Set([object, type, name]);
  return {
    object: object ? oidIn(bytes, object.span, format) : null,
    type: type ? typeIn(bytes, type.span) : null,
    name: name?.span ?? null,
    taggers: headers.filter((header) => header.name === 'tagger').map(({ span }) => parsePerson(bytes, span)),
    extra: headers.filter((header) => !used.has(header) && header.name !== 'tagger'),
    message,
  };
};

const types: readonly ObjectType[] = ['blob', 'tree', 'commit', 'tag'];

const typeIn = (bytes: Uint8Array, span: ByteSpan): ObjectType | null => {
  const { start, end } = firstLine(bytes, span);
  // To git this is a string, and ends at a NUL.
  const [text] = latin1(bytes, start, Math.min(end, start + longestType)).split('\0', 1);
  return types.find((type) => type === text) ?? null;
};

const longestType = 20;
