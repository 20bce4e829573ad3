import type { Golden } from '@heddle/conformance';
import {
  answer,
  type Client,
  lintMesh,
  lintQueries,
  lintServices,
  observeObjects,
  parseRequest,
  requestHosts,
  type Target,
} from '@heddle/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decoded, observed } from './support/encoding.js';
import { odd, spoiled, spoils, wildRequests } from './support/spoil.js';
import { MESHES, type MeshName, recorded, servicesIn, session, split } from './support/worlds.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 60);

const CLIENTS: readonly Client[] = [
  { kind: 'sidecar', namespace: 'default', labels: { app: 'sleep', '': '' } },
  { kind: 'sidecar', namespace: '', labels: {} },
  { kind: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
  { kind: 'none' },
];

describe.each<[MeshName]>([['istio'], ['kuma']])('objects that are not what they should be, on %s', (name) => {
  const mesh = MESHES[name];
  const { adapter, env } = mesh;
  let goldens: readonly Golden[] = [];
  beforeAll(async () => {
    goldens = await recorded(name);
  });

  test('are read, and every request is answered: probabilities sum to 1, or there are no outcomes', () => {
    fc.assert(
      fc.property(fc.nat(goldens.length - 1), spoils, fc.array(wildRequests, { maxLength: 3 }), (at, changes, wild) => {
        const golden = goldens[at];
        if (golden === undefined) return;
        const objects = spoiled(golden.objects, changes);
        const asked = [...golden.requests.map((one) => parseRequest(one)), ...wild];
        const target: Target = { services: servicesIn(golden.objects), hosts: [...new Set(asked.flatMap(requestHosts))] };
        const { tables, problems, gaps } = decoded(mesh, objects, target);
        for (const { message } of [...problems, ...gaps]) expect(message).not.toMatch(/undefined|\[object/);
        for (const client of [golden.client, ...CLIENTS]) {
          for (const request of asked) {
            const { outcomes } = answer(tables, client, request);
            const total = outcomes.reduce((sum, { probability }) => sum + probability, 0);
            expect(outcomes.length === 0 || Math.abs(total - 1) < 1e-9).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('are judged, linted and looked through for what they name and hold', () => {
    fc.assert(
      fc.property(fc.nat(goldens.length - 1), spoils, (at, changes) => {
        const objects = spoiled(goldens[at]?.objects ?? [], changes);
        // As in files too, where what would be refused is left out.
        const inFiles = objects.map((object) => ({ ...object, metadata: { ...(object.metadata as object | null), uid: undefined } }));
        for (const all of [objects, inFiles]) {
          const seen = observeObjects(all, lintQueries(adapter, env));
          const judged = all.flatMap((one) => adapter.validate?.(one, env) ?? []);
          const found = [...lintMesh(adapter, seen, env), ...lintServices(seen), ...judged];
          for (const { message } of found) expect(message).not.toMatch(/undefined|\[object/);
        }
        for (const object of objects) {
          adapter.owned(object);
          adapter.mentions?.(object);
          adapter.gatewayProxies?.(object);
          adapter.inMesh(object);
          adapter.injects?.(object, objects[0]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('are planned on, or refused', () => {
    fc.assert(
      fc.property(fc.nat(goldens.length - 1), spoils, fc.nat(20), (at, changes, which) => {
        const golden = goldens[at];
        const services = servicesIn(golden?.objects ?? []);
        const service = services[which % Math.max(1, services.length)];
        if (golden === undefined || service === undefined) return;
        const { change, shadow } = session(service, 'a1a1a1a1a1a1', { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] });
        const objects = [...spoiled(golden.objects, changes), ...shadow];
        const seen = observed(mesh, objects, { services: [service] });
        for (const one of [change, split(mesh, objects, service, [60, 40])]) {
          if (one === undefined) continue;
          const planned = adapter.encode(one, seen, env);
          expect('ok' in planned || planned.refused.length > 0).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('or are no objects at all', () => {
    fc.assert(
      fc.property(fc.oneof(odd, fc.record({ apiVersion: odd, kind: odd, metadata: odd, spec: odd })), (value) => {
        adapter.validate?.(value, env);
        adapter.owned(value);
        adapter.mentions?.(value);
        adapter.gatewayProxies?.(value);
        adapter.injects?.(value, value);
        expect(typeof adapter.inMesh(value)).toBe('boolean');
      }),
      { numRuns: RUNS * 10 },
    );
  });
});
