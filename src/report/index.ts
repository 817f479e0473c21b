/**
 * One Report value, many formats: values in, strings out. Pure; what a report cannot know (the clock, the width, whether
 * colours are wanted) is passed in. All text of the scanned repository goes through `shown`, and no line begins with it.
 */
export { type CountingRules, exitCodeOf } from './exit-code.ts';
export { type Filter, leaveOut } from './leave-out.ts';
export { painter } from './paint.ts';
export { renderExplanation } from './render-explanation.ts';
export { renderJson, stableJson } from './render-json.ts';
export { renderJsonLines } from './render-json-lines.ts';
export { renderSummaryLine } from './render-summary-line.ts';
export { renderText, type TextOptions } from './render-text.ts';
export { shown } from './shown.ts';
export { cutMiddle, displayWidth, fold, foldHanging, padTo } from './width.ts';
export { bytesText, countText, durationText } from './words.ts';
