import { readFile } from 'node:fs/promises';
import { adapter } from '@heddle/adapter-istio';
import { describe, expect, it } from 'vitest';
import { compareCase } from '../../scripts/record/compare/compare-case.js';
import { showDifference } from '../../scripts/record/compare/show-difference.js';

const env = { served: {}, settings: {} };
const golden = (id: string) => readFile(new URL(`../../packages/conformance/goldens/istio/${id}.yaml`, import.meta.url), 'utf8');

describe('an answered case', () => {
  it('that agrees shows no difference, older answers included', async () => {
    const { right, differences, skipped, explained } = compareCase(await golden('istio-h0001'), adapter, env);
    expect(differences).toEqual([]);
    expect(right).toBeGreaterThan(20);
    expect([skipped, explained]).toEqual([{}, {}]);
  });

  it('that differs is shown with its request, what was observed, and the way that ours took', async () => {
    const text = (await golden('istio-0041')).replace('subset: v2, labels: {version: v2}', 'subset: v3, labels: {version: v2}');
    const [difference, ...others] = compareCase(text, adapter, env).differences;
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ request: 0, url: 'http://reviews:9080/' });
    const shown = difference === undefined ? '' : showDifference(text, difference);
    expect(shown).toContain('request 0: GET http://reviews:9080/ []');
    expect(shown).toMatch(/outcomes: expected .*reviews\.default\.svc.*, got /);
    expect(shown).toContain('observed route default/reviews without, status 200; ours default/reviews without');
    expect(shown).toContain('=> default/reviews without: x absent');
  });

  it('differs where the mesh refuses other objects than ours', async () => {
    const text = `${await golden('istio-0041')}rejected:\n- {object: VirtualService default/reviews, because: no reason}\n`;
    const refuses = {
      ...adapter,
      validate: (object: unknown) => ((object as { kind: string }).kind === 'DestinationRule' ? [{ code: 'x', message: 'not so' }] : []),
    };
    const says = compareCase(text, refuses, env).differences.filter(({ request }) => request < 0);
    expect(says.map((one) => one.says)).toEqual([
      'DestinationRule default/reviews was accepted, ours refuses it (not so)',
      'VirtualService default/reviews was refused (no reason), ours accepts it',
    ]);
  });

  it('whose connection was tried with one of several destinations only is explained by that', async () => {
    const text = await tcpSplit();
    expect(compareCase(text, adapter, env)).toMatchObject({
      differences: [],
      explained: { 'of a weighted connection only one destination is tried': 1 },
    });
    const wrong = compareCase(text.replace('probability: 0.3', 'probability: 0.2'), adapter, env);
    expect(wrong.differences).toHaveLength(1);
    expect(wrong.explained).toEqual({});
  });

  it('that sends to a Service exported to nobody may find no endpoint there, and nothing else may be missing', () => {
    const outcome = 'host: hidden.default.svc.cluster.local, port: 80, status: 503, reason: UH, pods: []';
    const text = (annotation: string) => `id: t
objects: |
  apiVersion: v1
  kind: Service
  metadata: {name: shown, namespace: default}
  spec: {clusterIP: 10.96.0.1, selector: {app: shown}, ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: hidden, namespace: default, annotations: {networking.istio.io/exportTo: '${annotation}'}}
  spec: {clusterIP: 10.96.0.2, selector: {app: hidden}, ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}]}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: hidden-0, namespace: default, labels: {app: hidden}}
  status: {podIP: 10.244.0.1, conditions: [{type: Ready, status: 'True'}]}
  ---
  apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: {name: shown, namespace: default}
  spec: {hosts: [shown], http: [{route: [{destination: {host: hidden}}]}]}
client: {kind: sidecar, namespace: default, labels: {}}
requests:
- url: http://shown/
  observed: {status: 503, outcomes: [{probability: 1, ${outcome}}]}
`;
    const limit = 'endpoints of a Service exported to nobody are up to the order of events';
    expect(compareCase(text('~'), adapter, env)).toMatchObject({ differences: [], explained: { [limit]: 1 } });
    expect(compareCase(text('*'), adapter, env).differences).toHaveLength(1);
    expect(compareCase(text('~').replace('port: 80, status: 503', 'port: 81, status: 503'), adapter, env).differences).toHaveLength(1);
  });
});

/** A weighted TCP route as a program answers it that cannot choose the destination of a connection. */
async function tcpSplit(): Promise<string> {
  const objects = `
apiVersion: v1
kind: Service
metadata: {name: db, namespace: default}
spec: {clusterIP: 10.96.0.1, selector: {app: db}, ports: [{name: tcp, port: 7000, targetPort: 7000, protocol: TCP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-v1, namespace: default, labels: {app: db, version: v1}}
status: {podIP: 10.244.0.1, conditions: [{type: Ready, status: 'True'}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: default}
spec: {host: db, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: default}
spec:
  hosts: [db]
  tcp: [{route: [{destination: {host: db, subset: v1}, weight: 30}, {destination: {host: db}, weight: 70}]}]
`;
  const outcome = 'host: db.default.svc.cluster.local, port: 7000, pods: [default/db-v1], status: 0';
  return `id: t
objects: |${objects.replaceAll('\n', '\n  ')}
client: {kind: sidecar, namespace: default, labels: {}}
requests:
- method: GET
  url: http://db:7000/
  observed:
    protocol: tcp
    outcomes:
    - {probability: 0.3, subset: v1, labels: {version: v1}, ${outcome}}
    - {probability: 0.7, ${outcome}}
    seen: {path: /, authority: 'db:7000'}
    route: tcp
`;
}
