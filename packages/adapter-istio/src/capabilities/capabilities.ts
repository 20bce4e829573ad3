import type { Capabilities, MeshEnvironment, Support } from '@heddle/core';
import { isBefore, missingHeaderIsEmpty } from './version.js';

const SERVICE_INSTEAD = 'give the version a Service of its own, as sessions do';

const negation = (env: MeshEnvironment): Support =>
  missingHeaderIsEmpty(env)
    ? 'supported'
    : { unsupported: `Istio ${env.version} never lets a missing header satisfy a negation`, instead: 'match the values wanted instead' };

/** `mirrorPercentage` came with 1.5 (istio/api, tag 1.5.0). */
const mirroring = (env: MeshEnvironment): Support =>
  isBefore(5, env)
    ? { unsupported: `Istio ${env.version} has no exact share of a mirror`, instead: 'send a share of the requests themselves' }
    : 'supported';

/** What this adapter writes; what Istio itself could do beyond that says so. */
export function capabilities(env: MeshEnvironment): Capabilities {
  return {
    'match.path.exact': 'supported',
    // As two alternatives: Istio's own prefix is raw.
    'match.path.segmentPrefix': 'supported',
    'match.path.rawPrefix': 'supported',
    'match.path.regex': 'supported',
    'match.path.ignoreCase': 'supported',
    'match.method': 'supported',
    'match.scheme': 'supported',
    'match.authority': 'supported',
    'match.header.exact': 'supported',
    'match.header.prefix': 'supported',
    'match.header.regex': 'supported',
    'match.header.present': 'supported',
    'match.header.absent': 'supported',
    'match.header.not': negation(env),
    'match.query': 'supported',
    'to.service': 'supported',
    // Those that a DestinationRule defines; a session's shadow behind the service gets one of our own.
    'to.subset': 'supported',
    'to.tag': { unsupported: 'tags are a notion of Kuma', instead: SERVICE_INSTEAD },
    weights: 'supported',
    mirror: mirroring(env),
    fault: 'supported',
    'view.mesh': 'supported',
    'view.gateway': 'supported',
  };
}
