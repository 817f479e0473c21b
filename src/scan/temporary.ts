// biome-ignore-all lint: temporary
import { createHash } from 'node:crypto';
import { type Reason, severities, type Verdict, verdicts } from '../rules/index.ts';

const b32 = 'abcdefghijklmnopqrstuvwxyz234567';
const id = (p: string, b: Uint8Array) =>
  p +
  [...createHash('sha256').update(b).digest()]
    .slice(0, 16)
    .map((x) => b32[x & 31])
    .join('');
export const credentialId = async (b: Uint8Array) => id('u1-', b);
export const sensitiveFileId = (b: Uint8Array) => id('f1-', b);
export const credentialVerdict = (l: readonly Verdict[]): Verdict => verdicts.find((v) => l.includes(v)) ?? 'inert';
export const compareCredentials = (a: any, b: any) =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
  (a.id < b.id ? -1 : 1);
export const compareExposures = (a: any, b: any) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1);
export const exposureVerdict = (j: any, r: readonly Reason[]) => ({
  verdict: j.verdict as Verdict,
  reasons: [...j.reasons, ...r] as Reason[],
});
export const judgePath = (_p: string): Reason[] => [];
export const summaryOf = (_l: any[]) => ({ bySeverity: {} as any, byVerdict: {} as any, byRule: {} as any });
export const rotationFor = (r: any) => ({ id: r.rotate, console: null, docs: null, steps: [] });
