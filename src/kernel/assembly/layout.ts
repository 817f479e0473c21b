// The memory that host and kernel share; src/kernel/layout.ts says the same numbers, and a test compares them.
/** 256 KiB: for every hash of a folded 4-byte window 4 (some anchor has it) or 0. */
export const T1: usize = 0x10000;
/** 65,536 slots of mask64, value64: what all anchors of the slot have in common around the window. */
export const T2: usize = 0x50000;
/** 65,537 u32: where each slot's entries begin. */
export const HEADS: usize = 0x150000;
/** Inflate's tables, and what it builds them from: 32 KiB; see inflate-table.ts. */
export const INFLATE: usize = 0x198000;
/** Text offsets that passed a stage: one for every second byte of a block, and room for the last unrolled step. */
export const CANDIDATES: usize = 0x1a0000;
/** Entries of 8 bytes (u32 record, i32 delta); records and hits follow where the host says. */
export const ENTRIES: usize = 0x1b0000;
