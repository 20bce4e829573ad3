import { scenarios as istioScenarios } from '@heddle/adapter-istio/scenarios';
import { scenarios as kumaScenarios } from '@heddle/adapter-kuma/scenarios';
import { isRecord, type KubeObject, metaOf, parseRequest, type Request, type Scenario } from '@heddle/core';
import fc from 'fast-check';
import { BASE, worlds as kumaWorlds } from '../../../packages/conformance/test/support/kuma-worlds.js';
import { generateCase } from '../../../scripts/record/generate/generate-case.js';
import { httpRouteCase } from '../../../scripts/record/generate/http-routes.js';
import type { Generator } from '../../../scripts/record/generate/kinds.js';

/** Objects that are put into the sandbox, and what is asked of them. */
export interface World {
  readonly objects: readonly KubeObject[];
  readonly requests: readonly Request[];
}

/** What is there whatever the world: the control plane, and what the mesh's scenarios bring. */
function stage(
  scenarios: readonly Scenario[],
  system: string,
  own: readonly KubeObject[],
  client: NonNullable<Scenario['client']>,
): Scenario {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('there is no scenario');
  const controlPlane = scenario.objects.filter((object) =>
    [metaOf(object).namespace, object.kind === 'Namespace' && metaOf(object).name].includes(system),
  );
  const { kinds, admit } = scenario;
  return {
    id: 'properties',
    title: 'what each property puts in',
    kinds,
    admit,
    responders: [],
    objects: [...controlPlane, ...own],
    client,
  };
}

const home = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

export const ISTIO = stage(
  istioScenarios,
  'istio-system',
  ['default', 'shop', 'other'].map((name) => home(name, { 'istio-injection': 'enabled' })),
  { namespace: 'default', labels: { app: 'sleep' }, host: 'nobody', port: 80 },
);
export const KUMA = stage(kumaScenarios, 'kuma-system', BASE.filter((object) => metaOf(object).name !== 'kuma-system').map(withoutProxy), {
  namespace: 'shop',
  labels: { app: 'web' },
  host: 'cart',
  port: 80,
});

/** The sandbox's own webhook puts it in. */
function withoutProxy(object: KubeObject): KubeObject {
  if (object.kind !== 'Pod' || !isRecord(object.spec)) return object;
  return { ...object, spec: { containers: [{ name: 'app', image: 'example/app' }] } };
}

/** The generated case of that number, or the next one whose client stands where the sandbox's stands. */
function istioWorld(generate: Generator, number: number): World {
  const { objects, client, requests } = generate(2026, number);
  if (client.kind !== 'sidecar' || client.namespace !== ISTIO.client?.namespace) return istioWorld(generate, number + 1);
  return { objects: objects.map(withoutProxy).map(atOnce), requests: requests.map((one) => parseRequest(one)).filter(canBeSent) };
}

/** Nobody has the time that generated delays take. */
const atOnce = (object: KubeObject): KubeObject =>
  JSON.parse(JSON.stringify(object).replaceAll(/"fixedDelay":"[^"]*"/g, '"fixedDelay":"1ms"')) as KubeObject;

/** Through a proxy's URL the address that is dialled is the one that the request names, and a path begins with a slash. */
function canBeSent({ host, port, authority, path, headers }: Request): boolean {
  const isPlain = headers.every(([name, value]) => /^[!-~]+$/.test(name) && !/[\r\n]/.test(value));
  return isPlain && [`${host}:${port}`, ...(port === 80 ? [host] : [])].includes(authority) && /^\/[!-~]*$/.test(path);
}

const kumaRequests = fc.array(
  fc.record({
    method: fc.constantFrom('GET', 'POST'),
    host: fc.constantFrom('cart', 'cart.shop', 'cart.shop.svc.cluster.local', 'other', 'other.shop:80', 'nobody.shop', 'cart:81'),
    path: fc.constantFrom('/', '/api', '/api/v1?q=1', '/apiary', '/a/b', '/a/../api', '//api', '/a/b?q=1'),
    headers: fc.subarray<readonly [string, string]>([
      ['x-dev', 'alice'],
      ['x-dev', 'al'],
      ['X-Env', 'qa'],
      ['x-flag', '1'],
    ]),
  }),
  { minLength: 6, maxLength: 8 },
);
export const kumaWorld = fc.record({ objects: kumaWorlds, requests: kumaRequests }).map(
  ({ objects, requests }): World => ({
    objects,
    requests: requests.map(({ host, path, ...rest }) => parseRequest({ url: `http://${host}${path}`, ...rest })),
  }),
);

export const virtualServiceWorld = fc.nat(9999).map((number) => istioWorld(generateCase, number));
export const httpRouteWorld = fc.nat(9999).map((number) => istioWorld(httpRouteCase, number));
