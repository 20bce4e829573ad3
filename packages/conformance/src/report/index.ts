export { toMarkdown } from './markdown.js';
export { loadNumbers, type NumberedCase } from './numbers.js';
export * from './report.js';
export { hasPassed, summariseReport } from './summary.js';
