import { assertNever } from '../errors.ts';
import type { Exposure } from '../exposure/index.ts';
import { shown } from './shown.ts';
import { countText, dayText, numberText, shortOid, shortRef } from './words.ts';

/** Where the value stands: `config/prod.env:4`, `message of commit a1b2c3d4e5, line 2`. */
export const placeText = (exposure: Exposure): string => {
  const path = exposure.path === null ? shortOid(exposure.firstOid) : shown(exposure.path);
  const oid = shortOid(exposure.introduced?.commit ?? exposure.firstOid);
  switch (exposure.source) {
    case 'blob':
    case 'worktree':
    case 'file':
    case 'layer':
      return `${path}:${exposure.line}`;
    case 'index':
      return exposure.path === null ? `index, blob ${path}, line ${exposure.line}` : `${path}:${exposure.line} (index)`;
    case 'commit-message':
      return `message of commit ${oid}, line ${exposure.line}`;
    case 'commit-people':
      return `people of commit ${oid}`;
    case 'tag-message':
      return `message of tag ${shortOid(exposure.firstOid)}, line ${exposure.line}`;
    case 'note':
      return `note ${shortOid(exposure.firstOid)}, line ${exposure.line}`;
    case 'path':
      return `name of ${path}`;
    case 'ref-name':
      return `name of a ref${exposure.path === null ? '' : ` ${path}`}`;
    case 'stdin':
      return `standard input, line ${exposure.line}`;
    default:
      return assertNever(exposure.source);
  }
};

/** From when to when: `3 Mar 2024 to 9 Mar 2024`, `3 Mar 2024 until now`; empty where time means nothing. */
export const timeText = (exposure: Exposure): string => {
  const from = dayText(exposure.introduced?.date ?? null);
  if (from === null) return hasHistory(exposure) ? 'time unknown' : '';
  if (exposure.inTips) return `${from} until now`;
  const until = dayText(exposure.removed?.date ?? null);
  if (until === null) return from;
  return until === from ? `on ${from}` : `${from} to ${until}`;
};

const hasHistory = ({ source }: Exposure): boolean =>
  source !== 'index' && source !== 'worktree' && source !== 'file' && source !== 'stdin' && source !== 'ref-name';

/** Whether it is still there, and for whom: `still in main`, `still there, in main, v1`, `deleted, in 14 of 14 refs`, `in no ref: reflog`. */
export const stateText = (exposure: Exposure, refs: readonly string[]): string =>
  [whereNow(exposure, refs), exposure.wrapping.map(shown).join(' in ')].filter((part) => part !== '').join(', ');

const whereNow = (exposure: Exposure, refs: readonly string[]): string => {
  if (exposure.unreachable) {
    const until = dayText(exposure.unreachable.until);
    return `in no ref: ${shown(exposure.unreachable.why)}${until ? `, kept until ${until}` : ''}`;
  }
  // Of several refs that reach it, one tip shows it; which one is not in the report.
  if (exposure.inTips) return `${exposure.refs.length === 1 ? 'still' : 'still there,'} in ${refsText(exposure, refs)}`;
  if (!exposure.reachable) return exposure.introduced === null ? '' : 'in no ref';
  return `${exposure.removed ? 'deleted, ' : ''}in ${refsText(exposure, refs)}`;
};

/** Names while they are few and short, else how many of how many. */
const refsText = (exposure: Exposure, refs: readonly string[]): string => {
  const names = exposure.refs.map((index) => shown(shortRef(refs[index] ?? '?')));
  const named = names.join(', ');
  if (names.length > 0 && names.length <= 2 && named.length <= 24) return named;
  return `${numberText(names.length)} of ${countText(refs.length, 'ref')}`;
};
