export * from './cluster-rig.js';
export * from './faults.js';
export * from './in-process-cluster.js';
export * from './sandbox.js';
export * from './store/index.js';
