export * from './contracts/index.js';
export * from './errors/index.js';
export * from './model/index.js';
export * from './plan/types.js';
export * from './sessions/types.js';
