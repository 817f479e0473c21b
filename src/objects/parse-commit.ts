import { type ObjectFormat, type Oid, oidBytes, parseOid } from '../git/index.ts';
import { type ByteSpan, latin1 } from '../text/index.ts';
import { firstLine, type Header, parseHeaders } from './parse-headers.ts';
import { type Person, parsePerson } from './parse-person.ts';

/** A commit as it is stored. Text stays where it is: spans of the object's bytes. */
export interface ParsedCommit {
  /** Null where there is no usable tree header. */
  readonly tree: Oid | null;
  readonly parents: readonly Oid[];
  /** In order; a commit has one, hostile and very old ones none or several. */
  readonly authors: readonly Person[];
  readonly committers: readonly Person[];
  /** The encoding header's value, Latin-1; a label that nobody has checked. */
  readonly encoding: string | null;
  /** All other headers: signatures, second trees, lines without a name. */
  readonly extra: readonly Header[];
  /** Everything behind the first empty line, NULs and all. */
  readonly message: ByteSpan;
}

/**
 * Parses the bytes of a commit object. Total: what is not there is null or empty. Tree and parents are what git takes for
 * them: parents stand right behind the tree; others are `extra`, as is every line that is used for nothing else.
 */
export const parseCommit = (bytes: Uint8Array, format: ObjectFormat): ParsedCommit => {
  const { headers, message } = parseHeaders(bytes);
  const tree = headers.find(({ name }) => name === 'tree');
  const parents = parentsOf(headers, bytes, format);
  const encoding = headers.find(({ name }) => name === 'encoding');
  const used = new Set<Header | undefined>([tree, encoding, ...parents.headers]);
  const people = (role: string): Person[] =>
    headers.filter(({ name }) => name === role).map(({ span }) => parsePerson(bytes, span));
  return {
    tree: tree ? oidIn(bytes, tree.span, format) : null,
    parents: parents.oids,
    authors: people('author'),
    committers: people('committer'),
    encoding: encoding ? encodingIn(bytes, encoding.span) : null,
    extra: headers.filter((header) => !used.has(header) && header.name !== 'author' && header.name !== 'committer'),
    message,
  };
};

/** The oid that the first line of a header's value is, or null where it is something else. */
export const oidIn = (bytes: Uint8Array, span: ByteSpan, format: ObjectFormat): Oid | null => {
  const { start, end } = firstLine(bytes, span);
  return end - start === oidBytes(format) * 2 ? parseOid(latin1(bytes, start, end)) : null;
};

const parentsOf = (
  headers: readonly Header[],
  bytes: Uint8Array,
  format: ObjectFormat,
): { readonly headers: readonly Header[]; readonly oids: readonly Oid[] } => {
  const usable: Header[] = [];
  const oids: Oid[] = [];
  let isInRun = true;
  for (const [index, header] of headers.entries()) {
    const isTree = index === 0 && header.name === 'tree';
    if (!isInRun || (header.name !== 'parent' && !isTree)) break;
    const oid = isTree ? null : oidIn(bytes, header.span, format);
    if (oid !== null) {
      usable.push(header);
      oids.push(oid);
    }
    // To git, a line that continues a parent is the end of the parents.
    isInRun = firstLine(bytes, header.span).end === header.span.end;
  }
  return { headers: usable, oids };
};

const longestLabel = 64;

const encodingIn = (bytes: Uint8Array, span: ByteSpan): string => {
  const { start, end } = firstLine(bytes, span);
  return latin1(bytes, start, Math.min(end, start + longestLabel));
};
