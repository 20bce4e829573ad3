import type { Capabilities } from '@heddle/core';

const MATCH_A_HEADER = 'match on a header';
const OWN_SERVICE = 'give the version a Service of its own';

/**
 * What this adapter can write. Data, not code: core refuses what a change needs and what is not supported here, naming it. Say
 * why, and what works instead; what you leave out counts as unsupported.
 */
export function capabilities(): Capabilities {
  return {
    'match.path.exact': 'supported',
    'match.path.segmentPrefix': 'supported',
    'match.path.rawPrefix': { unsupported: 'PathPrefix matches whole segments', instead: 'end the prefix at a slash' },
    'match.path.regex': {
      unsupported: 'a regular expression on the path comes after every PathPrefix, so other rules would take its requests',
      instead: 'match on a prefix of the path',
    },
    'match.path.ignoreCase': { unsupported: 'paths are compared as they are written' },
    'match.method': 'supported',
    'match.scheme': { unsupported: 'a route does not look at the scheme', instead: MATCH_A_HEADER },
    'match.authority': { unsupported: 'hostnames do not count in a route for a Service', instead: MATCH_A_HEADER },
    'match.header.exact': 'supported',
    // As regular expressions.
    'match.header.prefix': 'supported',
    'match.header.present': 'supported',
    'match.header.regex': 'supported',
    'match.header.absent': { unsupported: 'a route cannot ask for a header to be absent', instead: 'match the values wanted' },
    'match.header.not': { unsupported: 'a route cannot negate a condition', instead: 'match the values wanted' },
    'match.query': 'supported',
    'to.service': 'supported',
    'to.subset': { unsupported: 'a backend is a Service', instead: OWN_SERVICE },
    'to.tag': { unsupported: 'a backend is a Service', instead: OWN_SERVICE },
    weights: 'supported',
    mirror: 'supported',
    fault: { unsupported: 'the Gateway API has no faults' },
    'view.mesh': 'supported',
    'view.gateway': { unsupported: 'routes with a Gateway as parent are not read', instead: 'call from inside the mesh' },
  };
}
