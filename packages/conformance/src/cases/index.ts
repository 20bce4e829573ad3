export * from './case.js';
export * from './case-cluster.js';
export { loadCases, parseCase } from './load-cases.js';
export { formatCaseReport, summariseCases } from './report.js';
export { type RunOptions, runCase, runCases } from './run-cases.js';
