import { defineMeshAdapter } from '@heddle/core';
import { accepted } from './accepted.js';
import { capabilities } from './capabilities.js';
import { decode } from './decode/decode.js';
import { reads } from './decode/reads.js';
import { encode } from './encode/encode.js';
import { affects } from './environment/affects.js';
import { detect, facts } from './environment/detect.js';
import { inMesh } from './environment/in-mesh.js';
import { kinds } from './environment/kinds.js';
import { owned } from './owned.js';
import { shadow } from './shadow/shadow.js';

/** The Gateway API in a mesh: HTTPRoutes with a Service as their parent. */
export const adapter = defineMeshAdapter({
  id: 'gateway-api',
  title: 'Gateway API',
  kinds,
  facts,
  detect,
  capabilities,
  reads,
  affects,
  // A backend is always a Service, and those core finds itself.
  versions: () => [],
  inMesh,
  decode,
  owned,
  shadow,
  encode,
  accepted,
});

export default adapter;
