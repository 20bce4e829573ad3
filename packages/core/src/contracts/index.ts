export * from './capabilities.js';
export * from './cluster.js';
export * from './in-process.js';
export * from './mesh-adapter.js';
export * from './tunnel-provider.js';
