export * from './describe-match.js';
export * from './describe-rule.js';
export { expectPath, expectStr } from './expectation.js';
