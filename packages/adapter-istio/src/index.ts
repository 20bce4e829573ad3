import { defineMeshAdapter } from '@heddle/core';
import { accepted } from './accepted/accepted.js';
import { besides } from './besides/besides.js';
import { capabilities } from './capabilities/capabilities.js';
import { decode, decodeEach, reads, versions } from './decode/index.js';
import { encode } from './encode/encode.js';
import { affects, detect, facts, gatewayProxies, injects, inMesh, kinds, settings } from './environment/index.js';
import { lint } from './lint/lint.js';
import { mentions } from './mentions/mentions.js';
import { owned } from './owned/owned.js';
import { adopt } from './render/adopt.js';
import { render } from './render/render.js';
import { shadowKinds, shadowReads } from './shadow/reads.js';
import { shadow } from './shadow/shadow.js';
import { validate } from './validate/index.js';

/** Istio with sidecars: VirtualService and DestinationRule. */
export const adapter = defineMeshAdapter({
  id: 'istio',
  title: 'Istio',
  kinds: [...kinds, ...shadowKinds],
  facts,
  detect,
  settings,
  capabilities,
  reads: (target, seen, env) => [...reads(target, seen, env), ...shadowReads(target, env)],
  affects,
  versions,
  inMesh,
  injects,
  gatewayProxies,
  mentions,
  decode,
  decodeEach,
  validate,
  lint,
  owned,
  shadow,
  encode,
  render,
  adopt,
  besides,
  accepted,
});

export default adapter;
