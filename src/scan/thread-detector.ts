import { Detector } from '../detect/index.ts';
import type { Rule } from '../rules/index.ts';

/**
 * The detector that all in this thread share who look at one text after another, with nothing in between. Making one costs more than a
 * small scan has to look at; and visitors that share a memory share what the walk through packs keeps in it.
 * @param rules as `selectRules` gives them: the same list is the same detector.
 */
export const threadDetector = (rules: readonly Rule[]): Detector => {
  const known = detectors.get(rules);
  if (known !== undefined) return known;
  const made = new Detector(rules);
  detectors.set(rules, made);
  return made;
};

const detectors = new WeakMap<readonly Rule[], Detector>();
