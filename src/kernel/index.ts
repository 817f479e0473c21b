/**
 * The hot loops, AssemblyScript compiled to WebAssembly, and their typed host. Knows no Git and no rules: bytes in, places out. Beside
 * each function stands a plain twin that says what it must do; the kernel allocates nothing: its memory is tables, what its
 * users reserve once, and one input.
 */

export { type Change, type Run, runsOf } from './change.ts';
export { type Delta, Deltas } from './deltas.ts';
export {
  type InflateFailure,
  inflate,
  inflateFailures,
  inflateReadsBehind,
  inflateWritesBehind,
  type StreamAt,
} from './inflate.ts';
export { longestAnchor, padBefore, padBehind } from './layout.ts';
export { KernelMemory, type TextAt } from './memory.ts';
export { type DeltaHeader, parseDeltaHeader, plainApplyDelta, plainRuns } from './plain-delta.ts';
export { type Inflated, plainInflate } from './plain-inflate.ts';
export { type AnchorTables, plainLayOut } from './plain-lay-out.ts';
export { plainNarrow, type Units } from './plain-narrow.ts';
export { type AnchorHit, followsAssignment, type KernelAnchor, plainPrefilter } from './plain-prefilter.ts';
export { plainSpans } from './plain-spans.ts';
export { type OnHit, Prefilter } from './prefilter.ts';
