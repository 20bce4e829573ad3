import { createClusterRig } from '@heddle/sandbox';
import { it } from 'vitest';
import { adapter } from '../../../adapter-istio/src/index.js';
import { scenarios } from '../../../adapter-istio/src/scenarios/index.js';
import { applyPlan, type Change, decodeTarget, detectMeshes, planChange } from '../../src/index.js';

it('tomcat', async () => {
  const scenario = scenarios[0]!;
  const rig = createClusterRig({
    kinds: scenario.kinds as any,
    objects: [
      ...scenario.objects,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'heddle-tomcat-a1', namespace: 'mesh-demo' },
        spec: { selector: { 'heddle.dev/session': 'a1' }, ports: [{ name: 'http', port: 8080, targetPort: 8080 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'tomcat-1', namespace: 'mesh-demo', labels: { run: 'tomcat', version: 'v1' } },
        spec: { containers: [{ name: 'a', image: 'a' }] },
        status: { phase: 'Running', podIP: '10.9.9.8', conditions: [{ type: 'Ready', status: 'True' }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'heddle-tomcat-a1', namespace: 'mesh-demo', labels: { 'heddle.dev/session': 'a1' } },
        spec: { containers: [{ name: 'a', image: 'a' }] },
        status: { phase: 'Running', podIP: '10.9.9.9', conditions: [{ type: 'Ready', status: 'True' }] },
      },
    ],
  });
  const cluster = rig.cluster();
  const [found] = await detectMeshes(cluster, [adapter]);
  console.error(JSON.stringify(found?.detection));
  const mesh = { cluster, adapter, env: found!.detection.environment };
  const change: Change = {
    owner: { kind: 'session', namespace: 'mesh-demo', id: 'a1' },
    services: [{ namespace: 'mesh-demo', name: 'tomcat', port: 8080 }],
    views: 'all',
    versions: [{ id: 'a1', realise: 'service', service: { namespace: 'mesh-demo', name: 'heddle-tomcat-a1' } }],
    intents: [
      { match: [{ headers: [{ name: 'user-agent', is: { regex: '.*Firefox/67\\.0.*' } }] }], to: [{ version: 'a1', weight: 100 }] },
    ],
  };
  const d = await decodeTarget(mesh, { services: change.services });
  const t = performance.now();
  const planning = await planChange(mesh, change);
  console.error('took', performance.now() - t);
  if ('refused' in planning) {
    console.error(planning.refused);
    return;
  }
  const { plan } = planning;
  console.error(JSON.stringify({ edits: plan.edits, effects: plan.effects, checks: plan.checks, notes: plan.notes }, undefined, 1));
  const applied = await applyPlan(mesh, plan, { replan: () => planChange(mesh, change) });
  console.error(JSON.stringify(applied.owned));
  const undo = await planChange(mesh, { ...change, intents: [], versions: [] });
  console.error(
    JSON.stringify(
      'plan' in undo ? { edits: undo.plan.edits.map((e) => [e.op, e.ref.name]), effects: undo.plan.effects, notes: undo.plan.notes } : undo,
      undefined,
      1,
    ),
  );
});
