import { expect, test } from 'vitest';
import {
  caskChecksums,
  caskDate,
  entraChecksum,
  hasCaskChecksum,
  hasDevopsChecksum,
  hasEntraChecksum,
  hasMarvin,
  marvin32,
} from '../../src/rules/azure-checksum.ts';
import { azureMaker } from '../../src/rules/azure-maker.ts';
import {
  awsAccountOf,
  base32,
  base62,
  crc32Base62,
  crc32Hex,
  fineGrainedMark,
  gitlabChecksum,
  hasAtlassianChecksum,
  hasCrc32Base62,
  hasFineGrainedMark,
  hasGitlabChecksum,
  parseBase32,
} from '../../src/rules/checksum.ts';
import { createMaker } from '../../src/rules/index.ts';
import { parseJwt } from '../../src/rules/jwt.ts';
import { makeJwt } from '../../src/rules/jwt-maker.ts';
import { latin1Bytes } from '../../src/text/index.ts';

const make = createMaker('checksums');

test('CRC-32 is that of zlib, in base 62 and in hexadecimal', () => {
  expect(crc32Hex('123456789')).toBe('cbf43926');
  expect(base62(61, 1)).toBe('z');
  expect(base62(62, 6)).toBe('000010');
  expect(base62(0xcbf43926, 6)).toBe('3jZRME');
  const body = make.base62(30);
  expect(hasCrc32Base62(body + crc32Base62(body))).toBe(true);
  expect(hasCrc32Base62(`${body}000000`)).toBe(false);
});

test('base32 is that of RFC 4648', () => {
  expect(base32(latin1Bytes('foobar'))).toBe('MZXW6YTBOI');
  expect(parseBase32('MZXW6YTBOI')).toEqual(Uint8Array.from(latin1Bytes('foobar')));
  expect(parseBase32('MZXW1')).toBeNull();
});

test('the mark of a fine-grained GitHub token is made of its first 77 characters', () => {
  const head = `github_pat_${make.base62(22)}_${make.base62(43)}`;
  const token = head + fineGrainedMark(head) + make.base62(8);
  expect(token).toHaveLength(93);
  expect(hasFineGrainedMark(token)).toBe(true);
  expect(hasFineGrainedMark(`${token.slice(0, 80)}aaa${token.slice(83)}`)).toBe(false);
});

test('the checksum of a routable GitLab token covers its prefix', () => {
  const head = `glpat-${make.base64url(32)}.01.0w`;
  expect(hasGitlabChecksum(head + gitlabChecksum(head))).toBe(true);
  expect(hasGitlabChecksum(`gldt-${head.slice(6)}${gitlabChecksum(head)}`)).toBe(false);
});

test('the checksum of an Atlassian token holds for escaped spellings too', () => {
  const head = `ATATT3xFfGF0${make.base64url(171)}=`;
  const token = head + crc32Hex(head).toUpperCase();
  expect(hasAtlassianChecksum(token)).toBe(true);
  expect(hasAtlassianChecksum(token.replace('=', '%3D'))).toBe(true);
  expect(hasAtlassianChecksum(token.replace('=', '\\='))).toBe(true);
  expect(hasAtlassianChecksum(`${head}00000000`)).toBe(false);
});

test('an AWS key id names its account', () => {
  // The account number 123456789012, shifted by 7 bits and written in base32 behind the four letters.
  const value = 123456789012n << 7n;
  const bytes = Uint8Array.from([5n, 4n, 3n, 2n, 1n, 0n], (index) => Number((value >> (8n * index)) & 0xffn));
  const id = `AKIA${base32(Uint8Array.from([...bytes, 0, 0, 0, 0])).slice(0, 16)}`;
  expect(awsAccountOf(id)).toBe('123456789012');
  expect(awsAccountOf(['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''))).toBeNull();
});

test('Marvin is that of .NET', () => {
  // The test vectors of dotnet/runtime (MarvinTests), high and low half folded.
  const seed = Buffer.from('004fb61a001bdbcc', 'hex').toString('latin1');
  const fold = (hex: string): number =>
    (Number.parseInt(hex.slice(0, 8), 16) ^ Number.parseInt(hex.slice(8), 16)) >>> 0;
  expect(marvin32(seed, Buffer.from('', 'hex'))).toBe(fold('30ed35c100cd3c7d'));
  expect(marvin32(seed, Buffer.from('af', 'hex'))).toBe(fold('48e73fc77d75ddc1'));
  expect(marvin32(seed, Buffer.from('37f495', 'hex'))).toBe(fold('f0b07c789b8cf7e8'));
  expect(marvin32(seed, Buffer.from('8642dc59', 'hex'))).toBe(fold('7008f2e87e9cf556'));
  expect(marvin32(seed, Buffer.from('153fb79826', 'hex'))).toBe(fold('e6c08c6da2afa997'));
});

test('Azure keys carry Marvin with the seed of their kind', () => {
  const key = azureMaker(make).identifiable('+ASt', 64, 'Default0', false);
  expect(key).toMatch(/^[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==$/);
  expect(hasMarvin(key, 'Default0')).toBe(true);
  expect(hasMarvin(key, 'MastRW00')).toBe(false);
  expect(hasMarvin('', 'Default0')).toBe(false);
});

test('a common annotated key has its date and checksum at fixed places', () => {
  const key = azureMaker(make).cask('AZDO');
  expect(key).toHaveLength(84);
  expect(caskDate(key)).toBe('2025-03');
  expect(hasCaskChecksum(key)).toBe(true);
  expect(hasCaskChecksum(`0${key.slice(1)}`) && key[0] !== '0').toBe(false);
  expect(caskChecksums(key).every((one) => one.length === 4)).toBe(true);
});

test('an Entra client secret of the 8Q~ form ends in three characters of checksum', () => {
  const secret = azureMaker(make).entra();
  expect(hasEntraChecksum(secret)).toBe(true);
  expect(entraChecksum(secret.slice(0, -3))).toHaveLength(3);
  expect(hasEntraChecksum(`${secret.slice(0, -3)}~~~`)).toBe(false);
});

test('a JSON Web Token tells its claims, and nothing makes the reader throw', () => {
  const token = makeJwt(make, { iss: 'https://issuer.test', sub: 'me', exp: 1_700_000_000 });
  expect(parseJwt(token)).toMatchObject({
    algorithm: 'HS256',
    issuer: 'https://issuer.test',
    expires: '2023-11-14T22:13:20Z',
  });
  for (const bad of ['', 'a', '..', 'a.b.c', 'e30.e30.x', `${token.slice(1)}`, `W10.W10.x`])
    expect(parseJwt(bad)).toBeNull();
});

test('an old Azure DevOps token scatters its checksum over four places', () => {
  const token = azureMaker(make).devops();
  expect(token).toMatch(/^[a-z2-7]{52}$/);
  expect(hasDevopsChecksum(token)).toBe(true);
  expect(hasDevopsChecksum(`${token.slice(0, 40)}${token[40] === 'a' ? 'b' : 'a'}${token.slice(41)}`)).toBe(false);
  expect(hasDevopsChecksum('short')).toBe(false);
});
