/**
 * Keys, certificates and key stores: readers of their formats, what the bytes prove, and the rules that find them in text
 * and in binary files. Every reader is total: bytes that are no key give null, never an error.
 */
export { type CertificateFacts, readCertificate } from './certificate.ts';
export { judgeContainer } from './container.ts';
export { type ContainerFormat, type ContainerJudgement, containerFormats } from './container-judgement.ts';
export { makeCertificate, makeJwk, makePgpKey, makePuttyKey } from './make-more.ts';
export { makePem, pemOf } from './make-pem.ts';
export { type KeyPair, type PairCandidate, pairsOf } from './pairs.ts';
export { keyRules } from './rules.ts';
