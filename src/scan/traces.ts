import type { Published } from '../exposure/index.ts';
import type { Draft } from './draft.ts';
export interface TracesOfDrafts {
  published(draft: Draft): Published;
  publishedOfAll(d: readonly Draft[]): Published;
  unreachable(draft: Draft): { why: string; until: string | null } | null;
}
