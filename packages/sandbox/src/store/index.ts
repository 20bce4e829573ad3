export * from './api-error.js';
export * from './fields.js';
export * from './history.js';
export * from './kinds.js';
export * from './selector.js';
export * from './store.js';
