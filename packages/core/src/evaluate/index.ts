export { answer } from './answer.js';
export { PASSTHROUGH } from './answer-action.js';
export { type EvaluateOptions, evaluate, evaluator, joinsRepeated } from './evaluate.js';
export { normalisePath } from './normalise-path.js';
export { parseRequest } from './parse-request.js';
export { type CompiledRe2, compileRe2, type Regexes, regexCache } from './re2.js';
export { select } from './select.js';
