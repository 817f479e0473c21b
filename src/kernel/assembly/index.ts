export { applyDelta, deltaHasZeros, deltaOverflowed, spansOf } from './apply-delta';
export { layOut } from './lay-out';
export { findInBlock } from './prefilter';
export { countZeros } from './count-zeros';
export { narrow } from './narrow';
export { inflate } from './inflate';
