import { adapter as istio } from '@heddle/adapter-istio';
import { scenarios as istioScenarios } from '@heddle/adapter-istio/scenarios';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { scenarios as kumaScenarios } from '@heddle/adapter-kuma/scenarios';
import type { KubeObject, MeshAdapter, Scenario } from '@heddle/core';
import { afterEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { send } from './http.js';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.stop());

async function started(adapter: MeshAdapter, scenarios: readonly Scenario[], id: string, ...more: readonly KubeObject[]): Promise<string> {
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
  sandbox = await createSandbox({ adapter, scenario: { ...scenario, objects: [...scenario.objects, ...more] } });
  return sandbox.clientUrl;
}

const status = async (url: string, host: string): Promise<number | undefined> => (await send(url, { host })).status;

it('a backend that is not there gets the status that the mesh gives', async () => {
  const parent = { group: '', kind: 'Service', name: 'flaskapp' };
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'lost', namespace: 'flask-demo' },
    spec: { parentRefs: [parent], rules: [{ backendRefs: [{ name: 'nobody', port: 80 }] }] },
  };
  expect(await status(await started(istio, istioScenarios, 'flaskapp', route), 'flaskapp')).toBe(500);
});

it('what cannot be read of other ports is no matter of a request, though a rule for all hosts leads to its Service', async () => {
  const virtualService = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'for-all', namespace: 'flask-demo' },
    spec: { hosts: ['*.svc.cluster.local'], http: [{ route: [{ destination: { host: 'flaskapp' } }] }] },
  };
  expect(await status(await started(istio, istioScenarios, 'flaskapp', virtualService), 'flaskapp')).toBe(200);
});

it('a Service without a TrafficRoute of its own takes no connection', async () => {
  const url = await started(kuma, kumaScenarios, 'benigno-traffic-route');
  const trafficRoute = sandbox?.store.kinds.byKind('kuma.io', 'TrafficRoute');
  if (trafficRoute !== undefined) sandbox?.store.delete(trafficRoute, { name: 'route-all-default' });
  expect(await status(url, 'benigno:5000')).toBe(200);
  await expect(status(url, 'magnanimo:5000')).rejects.toThrow('socket hang up');
});
