export { type Explanation, explainRequest, requestHosts } from './explain-request.js';
