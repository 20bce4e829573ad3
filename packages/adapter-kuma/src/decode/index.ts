export { type DecidedBy, type DecidingTable, type DecidingTables, decidingTables, type Outbound } from './deciding.js';
export { decode, decodeEach } from './decode.js';
export { reads } from './reads.js';
export { versions } from './versions.js';
