/** Where things stand in the kernel's memory, in bytes; the kernel's own constants (assembly/layout.ts) are the same. */
export const layout = {
  t1: 0x10000,
  t2: 0x50000,
  heads: 0x150000,
  inflate: 0x198000,
  candidates: 0x1a0000,
  entries: 0x1b0000,
} as const;

export const blockBytes = 0x4000;
export const recordBytes = 112;
export const slotCount = 0x10000;
/** Zero bytes before and behind a text, so that no load of the kernel leaves it. */
export const padBefore = 64;
export const padBehind = 192;
/** The most bytes that an anchor has. */
export const longestAnchor = 48;
/**
 * Multipliers that spread a window's key over T1 and over the slots. Fixed and odd, so that tables are the same everywhere; well known
 * for spreading bits, not fitted to our anchors.
 */
export const spread = { k1: 0x9e3779b1, k2: 0x85ebca6b } as const;
