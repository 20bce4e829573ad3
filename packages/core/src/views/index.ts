export * from './client-cells.js';
