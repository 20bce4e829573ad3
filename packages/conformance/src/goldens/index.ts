export { answerDifference, type Detail } from './compare-answer.js';
export type { Golden, GoldenRequest, RecordedAnswer, RecordedMirror, RecordedOutcome } from './golden.js';
export { loadGoldens, parseGolden } from './load-goldens.js';
export { type GoldenOptions, type GoldenResult, type Reader, runGolden, runGoldens, summarise } from './run-goldens.js';
