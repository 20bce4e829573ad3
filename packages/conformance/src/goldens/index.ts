export type { Detail, RecordedAnswer, RecordedMirror, RecordedOutcome } from '@heddle/core';
export { answerDifference } from './compare-answer.js';
export type { Golden, GoldenRequest } from './golden.js';
export { loadGoldens, parseGolden } from './load-goldens.js';
export { refusedObjects, withoutRefused } from './refused.js';
export { type GoldenOptions, type GoldenResult, type Reader, runGolden, runGoldens, summarise } from './run-goldens.js';
