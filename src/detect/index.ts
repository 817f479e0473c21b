/**
 * Rules compiled; one source's bytes become candidates, and those become findings. A pure function of bytes and rules: it
 * never sees a path, never fails on any bytes, and gives findings in the order of their place.
 */
export { Detector, type DetectorStats, type Look, longBytes, nearBytes, type OwnRange } from './detector.ts';
export { type FileInspection, InspectedFile, type InspectOptions, inspectFile } from './file/inspect-file.ts';
export type { FileVerdict } from './file/judge-file.ts';
export type { Finding } from './finding.ts';
export { redact } from './redact.ts';
export { type AnchorTrace, traceText } from './trace-text.ts';
