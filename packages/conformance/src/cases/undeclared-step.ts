import { type Change, FEATURES, type Feature, type Intent, isSupported, type Match, planChange, type Version } from '@heddle/core';
import { type CaseRun, contextOf, type Failures } from './case-run.js';
import { ownerOf } from './change-of.js';
import type { UndeclaredStep } from './step.js';

/** See `UndeclaredStep`. */
export async function runUndeclared(run: CaseRun, { session }: UndeclaredStep): Promise<Failures> {
  const capabilities = run.adapter.capabilities(run.env);
  const failures: string[] = [];
  for (const feature of FEATURES.filter((one) => !isSupported(capabilities, one))) {
    const planning = await planChange(contextOf(run, session), needing(run, session, feature));
    if (!('refused' in planning)) failures.push(`${feature} is not declared, and is planned`);
    else if (!planning.refused.some(({ code, message }) => code === feature && message !== ''))
      failures.push(`${feature} is not declared, and is refused for ${planning.refused.map(({ code }) => code).join(', ')} instead`);
  }
  return failures;
}

const MATCHES: Readonly<Partial<Record<Feature, Match>>> = {
  'match.path.exact': { path: { kind: 'exact', value: '/x' } },
  'match.path.segmentPrefix': { path: { kind: 'segmentPrefix', value: '/x' } },
  'match.path.rawPrefix': { path: { kind: 'rawPrefix', value: '/x' } },
  'match.path.regex': { path: { kind: 'regex', value: '/x+' } },
  'match.path.ignoreCase': { path: { kind: 'exact', value: '/x', ignoreCase: true } },
  'match.method': { method: { exact: 'POST' } },
  'match.scheme': { scheme: { exact: 'https' } },
  'match.authority': { authority: { exact: 'x.example.com' } },
  'match.header.exact': { headers: [{ name: 'x-dev', is: { exact: 'a' } }] },
  'match.header.prefix': { headers: [{ name: 'x-dev', is: { prefix: 'a' } }] },
  'match.header.regex': { headers: [{ name: 'x-dev', is: { regex: 'a+' } }] },
  'match.header.present': { headers: [{ name: 'x-dev', is: { present: true } }] },
  'match.header.absent': { headers: [{ name: 'x-dev', is: { absent: true } }] },
  'match.header.not': { headers: [{ name: 'x-dev', is: { not: { exact: 'a' } } }] },
  'match.query': { query: [{ name: 'dev', is: { exact: 'a' } }] },
};
const HEADER: Match = { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] };

/** What only standing routes want. */
const STANDING: readonly Feature[] = ['weights', 'mirror', 'fault'];

/** A change that needs the feature, beside what every session or standing route needs. */
function needing(run: CaseRun, session: string, feature: Feature): Change {
  const { namespace, service, port } = run.test;
  const match = [MATCHES[feature] ?? HEADER];
  const shadow: Version = { id: session, realise: 'service', service: { namespace, name: `heddle-${service}-${session}` } };
  const others = ['v1', 'v2'].map((id): Version => ({ id, realise: 'service', service: { namespace, name: `${service}-${id}` } }));
  const labels = { 'heddle.dev/session': session };
  const versions: readonly Version[] =
    feature === 'to.subset' || feature === 'to.tag'
      ? [{ id: session, realise: feature === 'to.tag' ? 'tag' : 'subset', labels }]
      : [shadow, ...others];
  const standing = STANDING.includes(feature);
  const to = [{ version: standing ? 'v2' : session, weight: 100 }];
  const intent: Intent =
    feature === 'mirror'
      ? { match, mirror: { version: 'v2', percent: 100 } }
      : feature === 'fault'
        ? { match, fault: { abort: { percent: 100, status: 503 } } }
        : { match, to: feature === 'weights' ? [...to, { version: 'v1', weight: 100 }] : to };
  const gateway = { plane: 'gateway', gateway: { namespace: 'edge', selector: { app: 'edge' } } } as const;
  const views = feature === 'view.gateway' ? [gateway] : feature === 'view.mesh' ? [{ plane: 'mesh', clients: {} } as const] : 'all';
  const owner = ownerOf(run.test, session, standing ? 'route' : 'session');
  return { owner, services: [{ namespace, name: service, port }], views, versions, intents: [intent] };
}
