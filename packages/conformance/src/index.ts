export * from './cases/index.js';
export * from './goldens/index.js';
export * from './report/index.js';
export * from './run/index.js';
export * from './stage/index.js';
export * from './tunnels/index.js';
