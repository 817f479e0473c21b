/**
 * Values in the form of real secrets, made at run time from a seed: the same seed gives the same value everywhere, none
 * stands in the tree, and none was ever issued. Checksums are right, keys parse.
 */
export { certificatePem, encryptedKeyPem, encryptedOpensshKey, publicKeyPem } from './harmless.ts';
export { type SeededMaker, seededMaker } from './maker.ts';
export { makeSecret, type PlantedSecret, type SecretFormat, secretFormats } from './secret.ts';
export { brokenChecksum, githubToken, npmToken } from './tokens.ts';
