/**
 * The hot loops, AssemblyScript compiled to WebAssembly, and their typed host. Knows no Git and no rules: bytes in, places out. Beside
 * each function stands a plain twin that says what it must do; the kernel allocates nothing, and its memory is one text and tables.
 */

export { plainNarrow, type Units } from './plain-narrow.ts';
export { type AnchorHit, followsAssignment, type KernelAnchor, plainPrefilter } from './plain-prefilter.ts';
export { Prefilter } from './prefilter.ts';
