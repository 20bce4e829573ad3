export { type Choice, type Prepared, prepareConformance } from './prepare.js';
export { type ConformanceOptions, runConformance } from './run-conformance.js';
