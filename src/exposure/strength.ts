import { latin1 } from '../text/index.ts';

/** Characters of an unbroken run that count as random: 24 of 62 are 142 bits, so much of it may turn out to be a pattern. */
const minRun = 24;
const minDistinct = 14;
const minLetterPairs = 6;

/** Pairs of letters that words are made of (about 85 % of the pairs of English text), and neighbours on a keyboard. */
const commonPairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ' +
    'ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee ' +
    'wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op ' +
    'wo sa ay ex ke ui ua qu bo ck da ag ks sw rd my ' +
    'qw yu as sd df fg hj jk kl zx xc cv vb bn nm qa az ws sx dc rf fv tg gb yh hn uj jm za xs cd vf'
  ).split(' '),
);

/**
 * Whether a secret certainly has 80 random bits or more, so that nobody finds it by guessing and a plain hash is safe to show.
 * Frozen, as ids depend on it, and strict on purpose: whoever is called weak by mistake only costs time.
 *
 * Strong is a key's fingerprint, and whatever holds a run of 24 or more ASCII letters and digits with at least two capitals,
 * two small letters and two digits, 14 different characters, and at least 6 pairs of neighbouring letters (digits that look
 * like a letter are that letter), no more than half of them common in words or on keyboards. Of `user NUL password NUL host`
 * only the password counts. Runs of hex digits are weak, whatever their length: they may be the digest of a password.
 */
export const isStrong = (canonical: Uint8Array): boolean => {
  // Longer than any token; a document is judged by its head.
  const text = latin1(canonical, 0, Math.min(canonical.length, 65_536));
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)) return true;
  const parts = text.split('\0');
  const judged = parts.length === 3 ? (parts[1] ?? '') : text;
  return judged.split(/[^A-Za-z0-9]+/).some(isRandomRun);
};

/**
 * Whether a file certainly holds 80 random bits or more, and nothing beside them that somebody might want to guess. Frozen and
 * strict as `isStrong`.
 *
 * Strong is a file that holds a private key in PEM: between its lines `BEGIN … PRIVATE KEY` and `END` stands nothing but base64
 * and white space (so it is not encrypted by the old way of headers), and behind the first 128 characters, which say the same of most keys, a run that is strong in a secret. Where
 * the file speaks of a password, secret, token or credential outside of its private keys, it is weak all the same: keys may be
 * public knowledge, as those of tests and manuals are.
 */
export const isStrongFile = (bytes: Uint8Array): boolean => {
  // What is beyond may hold anything.
  if (bytes.length > mostFileBytes) return false;
  const text = latin1(bytes, 0, bytes.length);
  const bodies = [...text.matchAll(privateKeyInPem)].map(([, body = '']) => body.replace(/\s+/g, ''));
  return (
    bodies.some((body) =>
      body
        .slice(keyHead)
        .split(/[^A-Za-z0-9]+/)
        .some(isRandomRun),
    ) && !/pass|pwd|secret|token|credential/i.test(text.replace(privateKeyInPem, ''))
  );
};

const mostFileBytes = 65_536;
/** Base64 characters. */
const keyHead = 128;
/** A body ends at the first "-", so that a file of many beginnings is read once. */
const privateKeyInPem = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END /g;

const isRandomRun = (run: string): boolean => {
  if (run.length < minRun || new Set(run).size < minDistinct) return false;
  if ([/[A-Z]/g, /[a-z]/g, /[0-9]/g].some((kind) => (run.match(kind)?.length ?? 0) < 2)) return false;
  if (/^[0-9a-fA-F]+$/.test(run)) return false;
  let pairs = 0;
  let common = 0;
  const plain = run.toLowerCase().replace(/[013457]/g, (digit) => letterLike[digit] ?? digit);
  for (let at = 1; at < plain.length; at++) {
    const pair = plain.slice(at - 1, at + 1);
    if (!/^[a-z]{2}$/.test(pair)) continue;
    pairs += 1;
    if (commonPairs.has(pair)) common += 1;
  }
  return pairs >= minLetterPairs && common * 2 <= pairs;
};

const letterLike: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };
