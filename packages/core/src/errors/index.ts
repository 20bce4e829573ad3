export * from './bug-error.js';
export * from './cluster-error.js';
export * from './message-of.js';
export * from './user-error.js';
