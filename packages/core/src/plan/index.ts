export * from './content-hash.js';
export * from './detect-meshes.js';
export * from './match-flags.js';
export { decodeTarget, observe } from './observe.js';
export { type Overlap, overlapping } from './overlap.js';
export { planChange } from './plan-change.js';
export { requiredFeatures } from './required-features.js';
export { seenObject, simulate, withAssumed } from './simulate.js';
export * from './types.js';
