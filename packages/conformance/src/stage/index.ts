export { loadStages } from './load-stage.js';
export { scenarioOf } from './scenario.js';
export * from './stage.js';
export { loadWorldDefinitions } from './world-definitions.js';
