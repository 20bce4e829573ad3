export * from './bug-error.js';
export * from './cluster-error.js';
export * from './user-error.js';
