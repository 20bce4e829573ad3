import type { Change, Owner } from '@heddle/core';
import type { Case, ChangeSpec } from './case.js';

export const ownerOf = (test: Case, session: string): Owner => ({ kind: 'session', namespace: test.namespace, id: session });

/** The change that core makes for a session: all that matches to the shadow `heddle-<service>-<session>`. */
export function changeOf(test: Case, spec: ChangeSpec): Change {
  const { session, service, ports, match, realise, remove } = spec;
  const { namespace } = test;
  const version = { id: session, service: { namespace, name: `heddle-${service}-${session}` }, labels: { 'heddle.dev/session': session } };
  return {
    owner: ownerOf(test, session),
    services: ports.map((port) => ({ namespace, name: service, port })),
    views: 'all',
    versions: remove
      ? []
      : [
          realise === 'service'
            ? { id: version.id, realise, service: version.service }
            : { id: version.id, realise, labels: version.labels },
        ],
    intents: remove ? [] : [{ match: [match], to: [{ version: session, weight: 100 }] }],
  };
}
