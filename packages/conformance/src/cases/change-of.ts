import { type Change, decodeTarget, intentsOf, type Owner, type Version } from '@heddle/core';
import type { Case } from './case.js';
import { type CaseRun, contextOf } from './case-run.js';
import type { ChangeSpec } from './change-spec.js';

export const ownerOf = (test: Case, session: string, kind: Owner['kind'] = 'session'): Owner => ({
  kind,
  namespace: test.namespace,
  id: session,
});

/** The change that core makes for a session: all that matches to the shadow `heddle-<service>-<session>`. */
export function changeOf(test: Case, spec: ChangeSpec): Change {
  const { session, match, realise, remove } = spec;
  const labels = { 'heddle.dev/session': session };
  const service = { namespace: test.namespace, name: `heddle-${spec.service}-${session}` };
  const version: Version = realise === 'service' ? { id: session, realise, service } : { id: session, realise, labels };
  const head = headOf(test, spec);
  return remove ? head : { ...head, versions: [version], intents: [{ match: [match], to: [{ version: session, weight: 100 }] }] };
}

/** The change for a spec as things stand: versions of standing routes are the mesh's own where it has them, else Services by name. */
export async function resolveChange(run: CaseRun, spec: ChangeSpec): Promise<Change> {
  if (spec.owner === 'session' || spec.remove) return changeOf(run.test, spec);
  const head = headOf(run.test, spec);
  const [service] = head.services;
  const { seen } = await decodeTarget(contextOf(run, spec.session), { services: head.services });
  const known = service === undefined ? [] : run.adapter.versions(service, seen, run.env);
  const intents = intentsOf(spec.entries);
  const used = intents.flatMap((intent) =>
    'to' in intent ? intent.to.map(({ version }) => version) : 'mirror' in intent ? [intent.mirror.version] : [],
  );
  const versions = [...new Set(used)].map(
    (id): Version =>
      known.find((version) => version.id === id) ?? {
        id,
        realise: 'service',
        service: { namespace: run.test.namespace, name: `${spec.service}-${id}` },
      },
  );
  return { ...head, versions, intents };
}

function headOf(test: Case, { owner, session, service, ports }: ChangeSpec): Change {
  const services = ports.map((port) => ({ namespace: test.namespace, name: service, port }));
  return { owner: ownerOf(test, session, owner), services, views: 'all', versions: [], intents: [] };
}
