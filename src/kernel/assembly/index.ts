export { findInBlock } from './prefilter';
export { countZeros } from './count-zeros';
