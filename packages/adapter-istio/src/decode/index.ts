export { type DecidingTable, type DecidingTables, type DecidingVirtualService, decidingTables } from './deciding.js';
export { decode, decodeEach } from './decode.js';
export { reads } from './reads.js';
export { versions } from './versions.js';
