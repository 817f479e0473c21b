import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseTag } from '../../src/objects/index.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';
import { askGit, emptyRepo, writeLoose } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes } from './mutate.ts';

let gitDir = '';

fuzz('tag', {
  seeds: () => {
    gitDir = emptyRepo();
    const blob = writeLoose(gitDir, 'blob', latin1Bytes('tagged'));
    const tree = writeLoose(gitDir, 'tree', new Uint8Array());
    return [
      `object ${blob}\ntype blob\ntag v1\ntagger T Agger <t@example.com> 1700000000 +0130\n\nmessage\n`,
      `object ${tree}\ntype tree\ntag x y\n\nno tagger\n`,
      `object ${tree}\ntype tree\ntag t\ntagger T <t> 1 -0000\n\n\xe9\n-----BEGIN PGP SIGNATURE-----\n`,
    ].map(latin1Bytes);
  },
  rounds: 200,
  mutate: mutateBytes(['\n', ' ', '<', '>', '\0', 'tagger ', 'tag ', 'type ', 'commit', '\nobject ', '\n ', '\n\n']),
  ask: (inputs) => {
    const format = '%(object)%00%(type)%00%(tag)%00%(taggername)%00%(taggeremail)%00%(taggerdate:raw)';
    return askGit(
      gitDir,
      inputs.map((input, i) => {
        mkdirSync(join(gitDir, `refs/tags/${i}`), { recursive: true });
        writeFileSync(join(gitDir, `refs/tags/${i}/t`), `${writeLoose(gitDir, 'tag', input)}\n`);
        return { args: ['for-each-ref', `--format=${format}`, `refs/tags/${i}/t`] };
      }),
    );
  },
  check: (input, { code, stdout }) => {
    const tag = parseTag(input, 'sha1');
    expect(tag.message.end).toBe(input.length);
    if (code !== 0) return; // git does not take it for a tag; we made of it what there is
    const [object, type, name, taggerName, taggerEmail, date = ''] = stdout
      .toString('latin1')
      .replace(/\n$/, '')
      .split('\0');
    expect([tag.object, tag.type]).toEqual([object, type]);
    if (input.subarray(0, tag.message.start).includes(0)) return; // git's strings end at a NUL
    expect(tag.name && latin1(input, tag.name.start, tag.name.end).split('\n', 1)[0]).toBe(name);
    const [tagger] = tag.taggers;
    const line = tagger ? latin1(input, tagger.span.start, tagger.span.end) : '';
    // Of an odd person git's formats show odd parts, each in its own way.
    if (tagger === undefined || !/^[^<>\n]*[^<>\s] <[^<>\n]*> \d{1,10} [+-]\d{4}$/.test(line)) return;
    expect(latin1(input, tagger.name.start, tagger.name.end)).toBe(taggerName?.trimStart());
    expect(`<${latin1(input, tagger.email.start, tagger.email.end)}>`).toBe(taggerEmail);
    // git has one way to write a zone of nothing.
    expect(`${tagger.seconds} ${tagger.zone.replace('-0000', '+0000')}`).toBe(date);
  },
});
