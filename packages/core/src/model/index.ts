export * from './answer.js';
export * from './change.js';
export * from './match.js';
export * from './object.js';
export * from './observed.js';
export * from './owner.js';
export * from './table.js';
export * from './view.js';
