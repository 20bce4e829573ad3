import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-istio';
import {
  answer,
  type Client,
  type MeshEnvironment,
  metaOf,
  type Observation,
  observeObjects,
  parseRequest,
  queryKey,
  type Request,
  type ServiceRef,
  type View,
  viewHolds,
  viewKey,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { answerDifference, type Golden, loadGoldens, withoutRefused } from '../src/goldens/index.js';

const folder = fileURLToPath(new URL('../goldens/istio', import.meta.url));
const env: MeshEnvironment = { served: {}, settings: {} };
let goldens: readonly Golden[] = [];

beforeAll(async () => {
  goldens = (await loadGoldens(folder)).map((golden) => withoutRefused(golden, adapter, env));
});

/** A plan asks for services, not for hosts: their tables alone must give the recorded answers too. */
test('the tables of the services that are concerned give the same answers', () => {
  const wrong: string[] = [];
  let compared = 0;
  for (const golden of goldens) {
    for (const recorded of golden.requests) {
      const request = parseRequest(recorded);
      const services = servicesOf(
        golden,
        request,
        recorded.observed.outcomes.map(({ host }) => host),
      );
      if (services.length === 0 || request.authority.split(':')[0] !== request.host) continue;
      const decoded = decodeServices(golden, services);
      if (decoded.gaps.length > 0) continue;
      compared += 1;
      const difference = answerDifference(recorded.observed, answer(decoded.tables, golden.client, request));
      if (difference !== undefined) wrong.push(`${golden.id} ${recorded.url}: ${difference}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(1500);
});

test('every client falls in exactly one view of the mesh', () => {
  const wrong: string[] = [];
  for (const golden of goldens) {
    const services = golden.objects.filter(({ kind }) => kind === 'Service').flatMap(refsOf);
    const { tables } = decodeServices(golden, services);
    const views = [...new Map(tables.map(({ view }) => [viewKey(view), view])).values()].filter(({ plane }) => plane === 'mesh');
    for (const client of clients()) {
      const held = views.filter((view: View) => viewHolds(view, client));
      if (held.length !== 1) wrong.push(`${golden.id}: ${JSON.stringify(client)} is in ${held.length} views`);
    }
  }
  expect(wrong).toEqual([]);
});

function decodeServices(golden: Golden, services: readonly ServiceRef[]) {
  let seen = new Map<string, Observation>();
  for (let round = 0; round < 5; round += 1) {
    const queries = adapter.reads({ services }, seen, env).filter((query) => !seen.has(queryKey(query)));
    if (queries.length === 0) break;
    seen = new Map([...seen, ...observeObjects(golden.objects, queries)]);
  }
  return adapter.decode({ services }, seen, env);
}

/** For a sidecar the service that is dialled, for a gateway those that answered. */
function servicesOf(golden: Golden, request: Request, answered: readonly string[]): readonly ServiceRef[] {
  const { client } = golden;
  const dialled = request.host.toLowerCase();
  return golden.objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((object) => {
      const { name, namespace = '' } = metaOf(object);
      const fqdn = `${name}.${namespace}.svc.cluster.local`;
      if (client.kind === 'gateway') return answered.includes(fqdn) ? refsOf(object) : [];
      const local = client.kind === 'sidecar' && client.namespace === namespace && dialled === name;
      const named = [`${name}.${namespace}`, `${name}.${namespace}.svc`, fqdn].includes(dialled);
      return local || named ? [{ namespace, name, port: request.port }] : [];
    });
}

function refsOf(object: Golden['objects'][number]): readonly ServiceRef[] {
  const { name, namespace = '' } = metaOf(object);
  const { ports } = object.spec as { readonly ports: readonly { readonly port: number }[] };
  return ports.map(({ port }) => ({ namespace, name, port }));
}

function clients(): readonly Client[] {
  const labels = [
    {},
    { app: 'sleep' },
    { app: 'sleep', version: 'v1' },
    { env: 'dev', app: 'curl' },
    { env: 'prod', version: 'v2', app: 'sleep' },
  ];
  return ['default', 'other', 'istio-system', 'third', 'nobody'].flatMap((namespace) =>
    labels.map((carried): Client => ({ kind: 'sidecar', namespace, labels: carried })),
  );
}
