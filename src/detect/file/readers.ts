import type { FileParser, FileRuleId } from '../../rules/index.ts';
import type { Reader } from './pair.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readLines } from './read-lines.ts';
import {
  readDockerConfig,
  readHtpasswd,
  readNetrc,
  readNpmrc,
  readPgpass,
  readUrls,
  readWhole,
} from './read-logins.ts';
import { readXml } from './read-xml.ts';
import { readYaml } from './read-yaml.ts';

/** A reader and the rule that what it finds belongs to. */
export interface Reading {
  readonly read: Reader;
  readonly rule: FileRuleId;
}

/** Chooses the reader of a text. The content has a say: people put JSON into `.tfvars` and lists into `password.txt`. */
export const readingOf = (parser: FileParser, text: string): Reading | null => {
  switch (parser) {
    case 'dotenv':
    case 'shell':
      return { read: readLines, rule: 'dotenv-secret' };
    case 'ini':
    case 'properties':
      return { read: /^\s*\{/.test(text.slice(0, 200)) ? readJson : readLines, rule: 'config-secret' };
    case 'json':
      return { read: readJson, rule: 'config-secret' };
    case 'yaml':
      return { read: /^\s*\{/.test(text.slice(0, 200)) ? readJson : readYaml, rule: 'config-secret' };
    case 'xml':
      return { read: readXml, rule: 'config-secret' };
    case 'csv':
      return { read: readCsv, rule: 'config-secret' };
    case 'netrc':
      return { read: readNetrc, rule: 'netrc-password' };
    case 'pgpass':
      return { read: readPgpass, rule: 'pgpass-password' };
    case 'htpasswd':
      return { read: readHtpasswd, rule: 'htpasswd-hash' };
    case 'npmrc':
      return { read: readNpmrc, rule: 'npmrc-credential' };
    case 'docker-config':
      return { read: readDockerConfig, rule: 'docker-registry-auth' };
    case 'urls':
      return { read: readUrls, rule: 'git-credentials-password' };
    case 'line':
      return readWhole(text).length > 0 ? { read: readWhole, rule: 'whole-file-secret' } : readingOf('auto', text);
    case 'pem':
      return { read: readWhole, rule: 'whole-file-secret' };
    case 'auto':
    case 'opaque':
      return { read: readerByContent(text), rule: 'config-secret' };
    case 'der':
    case 'pkcs12':
    case 'jks':
      return null;
  }
};

const readerByContent = (text: string): Reader => {
  const head = text.slice(0, 2048);
  if (/^\s*[{[]["'\s{[/]/.test(head)) return readJson;
  if (/^\s*<[?!A-Za-z]/.test(head)) return readXml;
  if (/^---\s|^(?:[\w./-]{1,80}:(?:[ \t][^=\n]*)?\r?\n)/m.test(head) && !/^\[[\w .-]+\]\s*$/m.test(head))
    return readYaml;
  return readLines;
};
