export * from './describe-match.js';
export { describeMs } from './describe-ms.js';
export { describePercent } from './describe-percent.js';
export * from './describe-rule.js';
export { expectPath, expectStr } from './expectation.js';
