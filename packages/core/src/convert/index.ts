export { meshKind } from './belongs-to.js';
export { convert } from './convert.js';
export { shownNamespaces } from './known-callers.js';
export { type RoutingOf, routingOf } from './routing-of.js';
export type { Conversion, ConvertInput, Followed, Loss, LossWitness, MeshDifference, MeshPart, ToldPart } from './types.js';
