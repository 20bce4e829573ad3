export * from './apply/index.js';
export * from './contracts/index.js';
export * from './describe/index.js';
export * from './errors/index.js';
export * from './evaluate/index.js';
export * from './model/index.js';
export * from './plan/index.js';
export * from './sessions/index.js';
