import { type Change, Deltas, inflate, inflateWritesBehind, type KernelMemory, type TextAt } from '../kernel/index.ts';
import { Arena } from './arena.ts';
import { objectTypeOf, typeCodes } from './inventory.ts';
import { noObject } from './number-objects.ts';
import type { PackForest } from './pack-forest.ts';
import { PackReader, type StreamAt } from './pack-reader.ts';
import { windowBytes } from './sweep-shards.ts';
import { type DeltaVisitor, looksAtDeltas, type Visitor } from './visitor.ts';

/** Which objects a walk is about. */
export interface WalkRequest {
  readonly forest: PackForest;
  /** By node: 0 not needed, 1 needed to make others, 2 to be shown. */
  readonly needed: Uint8Array;
  /** By object; the walk writes down what it learns. */
  readonly sizes: Float64Array;
  /** Blobs above are not shown. */
  readonly mostBlobBytes: number;
}

/** What walks have learned. */
export interface WalkResult {
  /** Bytes that came out of zlib. */
  bytesInflated: number;
  /** Objects that git has to be asked for: damaged, too large, or made of what is. */
  declined: number[];
  /** Objects that nobody unpacks in a time to wait for. */
  endless: number[];
}

const noResult = (): WalkResult => ({ bytesInflated: 0, declined: [], endless: [] });

export interface WalkLimits {
  /** Texts of a family that are alive at a time; never more than a few, since a base is dropped before its heaviest delta is followed. */
  readonly arenaBytes: number;
  /** Bytes of a family that are made a second time, for deltas that had no room beside their ancestors' other deltas. */
  readonly mostRemadeBytes: number;
}

/** A chain of large texts that branches at every link can ask for the square of its size: far above what any real family needs. */
const usualLimits: WalkLimits = { arenaBytes: 64 << 20, mostRemadeBytes: 64 * 1024 ** 3 };

/** The longest delta that is followed. */
const deltaBytes = 8 << 20;

/** A text whose deltas are being followed. */
interface Made {
  readonly node: number;
  readonly text: TextAt;
  /** What the visitor gave back; `unseen` where it was not shown. */
  readonly state: unknown;
  /** The next delta to follow. */
  child: number;
}

const unseen = Symbol('not shown');

/**
 * Walks families of deltas, one after another: every object is unpacked once, from its base's bytes, and shown where it stands, with what it
 * shares with its base. One walker belongs to one memory and one thread.
 */
export class FamilyWalker implements Disposable {
  readonly #memory: KernelMemory;
  readonly #deltas: Deltas;
  readonly #arena: Arena;
  readonly #deltaAt: number;
  readonly #reader: PackReader;
  readonly #forest: PackForest;
  #request: WalkRequest;
  #visitor: Visitor;
  #looker: DeltaVisitor | null = null;
  #result = noResult();
  /** Nodes for whose text there was no room beside those of their ancestors. */
  #deferred: number[] = [];
  #remadeBytes = 0;
  readonly #mostRemadeBytes: number;

  constructor(memory: KernelMemory, request: WalkRequest, visitor: Visitor, limits: WalkLimits = usualLimits) {
    this.#mostRemadeBytes = limits.mostRemadeBytes;
    this.#memory = memory;
    this.#deltas = new Deltas(memory);
    this.#deltaAt = memory.reserve(deltaBytes + inflateWritesBehind, 'delta');
    this.#arena = new Arena(memory, limits.arenaBytes);
    this.#reader = new PackReader(memory, request.forest);
    this.#forest = request.forest;
    this.#request = request;
    this.#visitor = visitor;
    this.begin(request, visitor);
  }

  /** Another walk over the same packs, shown to another visitor. */
  begin(request: WalkRequest, visitor: Visitor): void {
    this.#request = request;
    this.#visitor = visitor;
    this.#looker = looksAtDeltas(visitor) && visitor.memory === this.#memory ? visitor : null;
    this.#result = noResult();
  }

  /** Shows what is asked for of the family of `root`. */
  walk(root: number): void {
    this.#remadeBytes = 0;
    this.#follow(root, null);
    // Their bases are made anew: the way from the root to them, with room for everything.
    for (let node = this.#deferred.pop(); node !== undefined; node = this.#deferred.pop()) this.#walkDeferred(node);
  }

  /** What the walks since `begin`, or since the last call, have learned. */
  take(): WalkResult {
    const result = this.#result;
    this.#result = noResult();
    return result;
  }

  [Symbol.dispose](): void {
    this.#reader.close();
  }

  #follow(start: number, base: Made | null): void {
    const { firstChild, nextSibling } = this.#forest;
    const stack: Made[] = [];
    const first = this.#make(start, base, true);
    if (base !== null) this.#arena.give(base.text);
    if (first !== null) stack.push(first);
    for (let made = stack.at(-1); made !== undefined; made = stack.at(-1)) {
      const child = made.child < 0 ? -1 : this.#nextNeeded(made.child);
      if (child < 0) {
        stack.pop();
        this.#arena.give(made.text);
        continue;
      }
      const next = this.#nextNeeded(nextSibling[child] ?? -1);
      made.child = next;
      const below = this.#make(child, made, true);
      if (next < 0) {
        stack.pop();
        this.#arena.give(made.text);
      }
      if (below !== null && this.#nextNeeded(firstChild[child] ?? -1) >= 0) stack.push(below);
      else if (below !== null) this.#arena.give(below.text);
    }
  }

  /** The node, or the next of its siblings, that is needed; -1: none. */
  #nextNeeded(node: number): number {
    let at = node;
    while (at >= 0 && this.#request.needed[at] === 0) at = this.#forest.nextSibling[at] ?? -1;
    return at;
  }

  #walkDeferred(node: number): void {
    const { bases } = this.#forest;
    if (this.#remadeBytes > this.#mostRemadeBytes) {
      this.#leave(node, this.#result.endless);
      return;
    }
    const chain: number[] = [];
    for (let at = bases[node] ?? -1; at >= 0; at = bases[at] ?? -1) chain.push(at);
    this.#arena.clear();
    let base: Made | null = null;
    for (let at = chain.pop(); at !== undefined; at = chain.pop()) {
      const made: Made | null = this.#make(at, base, false);
      if (base !== null) this.#arena.give(base.text);
      if (made === null) {
        this.#decline(node);
        return;
      }
      this.#remadeBytes += made.text.length;
      base = made;
    }
    this.#follow(node, base);
  }

  /** Unpacks the node. */
  #make(node: number, base: Made | null, isShown: boolean): Made | null {
    const stream = this.#reader.stream(node);
    const streamBytes = this.#forest.streamSizes[node] ?? 0;
    if (stream === null || streamBytes > windowBytes) return this.#decline(node);
    if (base === null) {
      const text = this.#arena.take(streamBytes);
      if (text === null) return this.#defer(node);
      if (this.#inflate(stream, text.at, streamBytes)) return this.#made(node, text, isShown, null, null);
      this.#arena.give(text);
      return this.#decline(node);
    }
    if (!this.#inflate(stream, this.#deltaAt, streamBytes)) return this.#decline(node);
    const delta = this.#deltas.parse({ at: this.#deltaAt, length: streamBytes });
    if (delta === null || delta.resultSize > windowBytes) return this.#decline(node);
    const text = this.#arena.take(delta.resultSize);
    if (text === null) return this.#defer(node);
    const change = this.#deltas.apply(base.text, delta, text);
    if (change !== null) return this.#made(node, text, isShown, base, change);
    this.#arena.give(text);
    return this.#decline(node);
  }

  #made(node: number, text: TextAt, isShown: boolean, base: Made | null, change: Change | null): Made {
    this.#memory.pad(text);
    const state = isShown ? this.#show(node, text, base, change) : unseen;
    return { node, text, state, child: this.#forest.firstChild[node] ?? -1 };
  }

  /** Shows a text, where it is asked for. */
  #show(node: number, text: TextAt, base: Made | null, change: Change | null): unknown {
    const { needed, sizes, mostBlobBytes } = this.#request;
    const number = this.#forest.objects[node] ?? noObject;
    if (number !== noObject) sizes[number] = text.length;
    if (needed[node] !== 2) return unseen;
    const type = this.#forest.types[node] ?? typeCodes.unknown;
    if (type === typeCodes.blob && text.length > mostBlobBytes) return unseen;
    const object = { number, type: objectTypeOf(type), sizeBytes: text.length };
    if (this.#looker !== null) {
      const isInherited = change !== null && base !== null && base.state !== unseen;
      return this.#looker.look(object, text, isInherited ? { change, base: base.state } : null);
    }
    this.#visitor.inputFor(text.length).set(this.#memory.textOf(text));
    this.#visitor.visit(object, text.length, { offset: 0, isFirst: true, isLast: true });
    return unseen;
  }

  #inflate({ at, end }: StreamAt, to: number, sizeBytes: number): boolean {
    this.#result.bytesInflated += sizeBytes;
    return inflate(this.#memory, { from: at, fromEnd: end, to, sizeBytes }) === 'none';
  }

  #defer(node: number): null {
    this.#deferred.push(node);
    return null;
  }

  #decline(node: number): null {
    this.#leave(node, this.#result.declined);
    return null;
  }

  /** Leaves out the node and all that are made of it; what was asked for is added to the list. */
  #leave(node: number, list: number[]): void {
    const { firstChild, nextSibling, objects } = this.#forest;
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const number = objects[at] ?? noObject;
      if (this.#request.needed[at] === 2 && number !== noObject) list.push(number);
      for (let child = firstChild[at] ?? -1; child >= 0; child = nextSibling[child] ?? -1) open.push(child);
    }
  }
}
