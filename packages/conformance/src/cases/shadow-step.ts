import { decodeTarget, isRecord, labelsMatch, metaOf, SESSION_LABEL } from '@heddle/core';
import { type CaseRun, contextOf, type Failures } from './case-run.js';
import { ownerOf } from './change-of.js';
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
  if (refused) return 'refused' in planned && planned.refused.every(({ message }) => message !== '') ? [] : ['the shadow is not refused'];
  if ('refused' in planned) return planned.refused.map(({ code, message }) => `the shadow is refused: ${code}: ${message}`);
  const labels = { ...planned.ok.podLabels, [SESSION_LABEL]: session };
  const objects = await snapshot(run.connect('runner'), [{ group: '', kind: 'Service' }]);
  return objects.flatMap((object) => {
    const selector = isRecord(object.spec) && isRecord(object.spec.selector) ? (object.spec.selector as Record<string, string>) : {};
    const others = metaOf(object).labels[SESSION_LABEL] === undefined && Object.keys(selector).length > 0;
    return others && labelsMatch(selector, labels) ? [`the shadow's pod would get requests of Service ${metaOf(object).name}`] : [];
  });
}
