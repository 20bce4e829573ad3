import {
  decodeTarget,
  isRecord,
  type Labels,
  labelsMatch,
  metaOf,
  planChange,
  type Refusal,
  SESSION_LABEL,
  type Version,
} from '@heddle/core';
import { type CaseRun, contextOf, type Failures } from './case-run.js';
import { changeOf, ownerOf } from './change-of.js';
import { snapshot } from './snapshot.js';
import type { ShadowStep } from './step.js';

/** See `ShadowStep`. A shadow that another Service selects would get that Service's requests: the leak of semantics case 20. */
export async function runShadow(run: CaseRun, { session, realise, refused }: ShadowStep): Promise<Failures> {
  const { namespace, service, port } = run.test;
  const services = [{ namespace, name: service, port }];
  const { seen } = await decodeTarget(contextOf(run, session), { services });
  const spec = {
    owner: ownerOf(run.test, session),
    services,
    name: `heddle-${service}-${session}`,
    realise,
    sidecar: 'auto',
  } as const;
  const planned = run.adapter.shadow(spec, seen, run.env);
  if ('refused' in planned) {
    if (refused) return planned.refused.every(({ message }) => message !== '') ? [] : ['the shadow is refused without a word'];
    return planned.refused.map(({ code, message }) => `the shadow is refused: ${code}: ${message}`);
  }
  const labels = { ...planned.ok.podLabels, [SESSION_LABEL]: session };
  if (realise !== 'service') {
    const leaks = await refusalsOf(run, session, realise, labels);
    if (refused) return leaks.length > 0 ? [] : ['the shadow is not refused'];
    return leaks.map(({ code, message }) => `the session is refused: ${code}: ${message}`);
  }
  if (refused) return ['the shadow is not refused'];
  const objects = await snapshot(run.connect('runner'), [{ group: '', kind: 'Service' }]);
  return objects.flatMap((object) => {
    const selector = isRecord(object.spec) && isRecord(object.spec.selector) ? (object.spec.selector as Record<string, string>) : {};
    const others = metaOf(object).labels[SESSION_LABEL] === undefined && Object.keys(selector).length > 0;
    return others && labelsMatch(selector, labels) ? [`the shadow's pod would get requests of Service ${metaOf(object).name}`] : [];
  });
}

/** Why a session's plan is refused once the shadow is one of the service's own pods: requests of others would come to it. */
async function refusalsOf(
  run: CaseRun,
  session: string,
  realise: Exclude<Version['realise'], 'service'>,
  labels: Labels,
): Promise<readonly Refusal[]> {
  const { namespace, service, port } = run.test;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `heddle-${service}-${session}`, namespace, labels },
    spec: { containers: [{ name: 'agent' }] },
    status: { phase: 'Running', podIP: '192.0.2.1', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const match = { headers: [{ name: 'x-heddle', is: { exact: session } }] };
  const change = changeOf(run.test, { owner: 'session', session, service, ports: [port], match, realise, remove: false, entries: [] });
  const planning = await planChange(contextOf(run, session), change, { assume: [pod] });
  return 'refused' in planning ? planning.refused : [];
}
