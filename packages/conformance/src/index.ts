export * from './cases/index.js';
export * from './goldens/index.js';
