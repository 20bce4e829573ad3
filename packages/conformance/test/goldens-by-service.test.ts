import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-istio';
import {
  answer,
  type Client,
  type MeshEnvironment,
  metaOf,
  observeTarget,
  parseRequest,
  type Request,
  type ServiceRef,
  type View,
  viewHolds,
  viewKey,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { servicesOf } from '../../../scripts/record/plan/plan-case.js';
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
      const services = dialledServices(
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
    const services = servicesOf(golden.objects);
    const { tables } = decodeServices(golden, services);
    const views = [...new Map(tables.map(({ view }) => [viewKey(view), view])).values()].filter(({ plane }) => plane === 'mesh');
    for (const client of clients()) {
      const held = views.filter((view: View) => viewHolds(view, client));
      if (held.length !== 1) wrong.push(`${golden.id}: ${JSON.stringify(client)} is in ${held.length} views`);
    }
  }
  expect(wrong).toEqual([]);
});

/** For a sidecar the service that is dialled, for a gateway those that answered. */
function dialledServices(golden: Golden, request: Request, answered: readonly string[]): readonly ServiceRef[] {
  const { client } = golden;
  const dialled = request.host.toLowerCase();
  return golden.objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((object) => {
      const { name, namespace = '' } = metaOf(object);
      const fqdn = `${name}.${namespace}.svc.cluster.local`;
      if (client.kind === 'gateway') return answered.includes(fqdn) ? servicesOf([object]) : [];
      const local = client.kind === 'sidecar' && client.namespace === namespace && dialled === name;
      const named = [`${name}.${namespace}`, `${name}.${namespace}.svc`, fqdn].includes(dialled);
      return local || named ? [{ namespace, name, port: request.port }] : [];
    });
}

function decodeServices(golden: Golden, services: readonly ServiceRef[]) {
  return adapter.decode({ services }, observeTarget({ adapter, env }, { services }, golden.objects), env);
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
