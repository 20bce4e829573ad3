import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clear,
  createTwoVersions,
  leaseOf,
  planEntry,
  refresh,
  routeDeps,
  routed,
  set,
  sharesOf,
  split,
} from '../../test/routes/two-versions.js';
import { contents, type Developer, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { isRecord, metaOf, type ObjectRef } from '../model/object.js';
import { applyRoutes } from './apply-routes.js';
import { driftAmong } from './drift.js';
import { listRoutes } from './list-routes.js';
import { planRoutes } from './plan-routes.js';
import { planRefresh } from './plan-standing.js';
import { setEntry } from './set-entry.js';

const service = { namespace: NAMESPACE, name: 'tomcat' };
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', ...service };

let world: World;
let alice: Developer;
let bob: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
  bob = await world.developer('bob');
});
afterEach(() => world.stop());

async function setPorts(...ports: readonly object[]): Promise<void> {
  const cluster = world.sandbox.cluster('colleague');
  const object = (await cluster.get(SERVICE)) ?? {};
  await cluster.replace({ ...object, spec: { ...(isRecord(object.spec) ? object.spec : {}), ports } });
}
const http = { name: 'http', port: 8080, targetPort: 8080 };
const admin = { name: 'http-admin', port: 9090, targetPort: 8080 };
const database = { name: 'tcp-db', port: 5432, targetPort: 8080 };

const standing = async () =>
  (await listRoutes(alice.cluster, { namespace: NAMESPACE })).map(({ id, ports, entries }) => [
    id,
    [...ports],
    entries.map(({ name, by }) => `${name} of ${by.user}`).join(', '),
  ]);
const planned = (port: string, shares = 'v2=100') =>
  planRoutes(routeDeps(alice), {
    service,
    port,
    edit: setEntry({ name: 'split', match: [], ...sharesOf(shares) }, { named: false }),
  });
const codes = async (planning: ReturnType<typeof planRoutes>) => {
  const done = await planning;
  return 'refused' in done ? done.refused.map(({ code }) => code) : done.route.notes.map(({ code }) => code);
};

describe('routes that were made for all ports', () => {
  beforeEach(async () => {
    await split(alice, 'v1=90 v2=10');
    await setPorts(http, admin, database);
  });

  it('take a port in that has come since, with the next change, and tell so before', async () => {
    const planning = await routed(planEntry(bob, { mirror: { version: 'v2', percent: 10 } }));
    expect(planning.notes.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'Port 9090 has come since these routes were made: from now on they are for it too',
        expect.stringMatching(/^Port 5432 carries no HTTP/),
      ]),
    );
    expect(planning.plan.effects.find(({ port }) => port === 9090)).toMatchObject({
      before: 'tomcat 100 %',
      after: 'v1 90 %, v2 10 %, also copied to v2 (10 %)',
    });
    await applyRoutes(routeDeps(bob), planning);
    expect(await standing()).toEqual([['tomcat.8080', [8080, 9090], 'mirror of bob, split of alice']]);
    await set(bob, sharesOf('v2=100'), [header('end-user', 'jason')]);
    expect(await standing()).toEqual([['tomcat.8080', [8080, 9090], 'end-user-jason of bob, mirror of bob, split of alice']]);
  });

  it('tell of it, and of no port that is not theirs to take', async () => {
    const { adapter, env, cluster } = routeDeps(bob);
    const uncovered = async () => {
      const routes = await listRoutes(cluster, { namespace: NAMESPACE });
      return [...(await driftAmong({ adapter, env, cluster }, routes)).values()].map((drift) => drift.uncovered);
    };
    expect(await uncovered()).toEqual([[9090]]);
    await refresh(bob);
    expect(await uncovered()).toEqual([[]]);
    await clear(bob);
    await setPorts(http);
    await split(bob, 'v1=90 v2=10');
    await setPorts(http, admin);
    await applyRoutes(routeDeps(alice), await routed(planned('9090')));
    expect(await uncovered()).toEqual([[], []]);
  });

  it('take it in by a refresh, and go back whole', async () => {
    const named = await planRefresh(routeDeps(bob), { service, port: '8080' });
    expect(named).toMatchObject({ routes: [{ services: [{ port: 8080 }] }] });
    await refresh(bob);
    expect(await standing()).toEqual([['tomcat.8080', [8080, 9090], 'split of alice']]);
    const written = contents(world.sandbox);
    await refresh(bob);
    expect(contents(world.sandbox)).toEqual(written);
    await clear(bob);
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes('heddle'))).toEqual([]);
  });

  it('are as those that were made for both at once', async () => {
    await refresh(bob);
    const grown = await rules();
    await clear(bob);
    await split(alice, 'v1=90 v2=10');
    const id = 'tomcat.8080-9090';
    expect((await standing())[0]?.[0]).toBe(id);
    expect(grown.replaceAll('tomcat.8080/', `${id}/`)).toEqual(await rules());
  });

  it('are still changed for the first port alone where that is named, and not once they have both', async () => {
    const { route } = (await planned('8080', 'v1=50 v2=50')) as { route: Awaited<ReturnType<typeof routed>> };
    await applyRoutes(routeDeps(alice), route);
    expect(await standing()).toEqual([['tomcat.8080', [8080], 'split of alice']]);
    await refresh(bob);
    expect(await codes(planned('8080'))).toEqual(['route-exists']);
    expect(await codes(planned('9090'))).toEqual(['route-exists']);
  });

  it('leave a port alone that has got routes of its own meanwhile', async () => {
    await applyRoutes(routeDeps(alice), await routed(planned('9090')));
    expect(await codes(planEntry(bob, sharesOf('v1=50 v2=50')))).toContain('port-of-others');
    await split(bob, 'v1=50 v2=50');
    expect(await standing()).toEqual([
      ['tomcat.8080', [8080], 'split of bob'],
      ['tomcat.9090', [9090], 'split of alice'],
    ]);
  });

  it('are not written by a plan that does not know of the port that somebody has taken in', async () => {
    await setPorts(http);
    const early = await routed(planEntry(alice, sharesOf('v1=20 v2=80')));
    await setPorts(http, admin);
    await refresh(bob);
    await expect(applyRoutes(routeDeps(alice), early)).rejects.toMatchObject({ code: 'plan-changed' });
    expect(await standing()).toEqual([['tomcat.8080', [8080, 9090], 'split of alice']]);
  });

  it('and others for the port, made at the same moment, do not both come to own it', async () => {
    const outcomes = await Promise.allSettled([refresh(bob), routed(planned('9090')).then((plan) => applyRoutes(routeDeps(alice), plan))]);
    expect(outcomes.map(({ status }) => status)).not.toEqual(['fulfilled', 'fulfilled']);
    const ports = (await standing()).flatMap(([, of]) => of as number[]);
    expect(ports).toEqual([...new Set(ports)]);
    expect(ports).toContain(8080);
  });

  it('stand when a port goes away again, and are changed and cleared', async () => {
    await refresh(bob);
    await setPorts(http);
    expect(await codes(planEntry(bob, sharesOf('v1=50 v2=50')))).toContain('port-gone');
    await split(bob, 'v1=50 v2=50');
    expect(await standing()).toEqual([['tomcat.8080', [8080], 'split of bob']]);
    expect(await rules()).not.toContain('9090');
    await set(bob, { mirror: { version: 'v2', percent: 10 } });
    await setPorts(http, admin);
    await refresh(bob);
    await setPorts(admin);
    await clear(bob, 'mirror');
    expect(await standing()).toEqual([['tomcat.8080', [9090], 'split of bob']]);
    expect(await codes(planned('9090'))).not.toContain('route-exists');
    await clear(bob);
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes('heddle'))).toEqual([]);
  });
});

it('routes that were made for a port that was named stay for that port', async () => {
  await applyRoutes(routeDeps(alice), await routed(planned('8080')));
  await split(bob, 'v1=50 v2=50');
  await setPorts(http, admin);
  await refresh(bob);
  expect(await standing()).toEqual([['tomcat.8080', [8080], 'split of bob']]);
  expect(await codes(planEntry(bob, sharesOf('v1=50 v2=50')))).toEqual(['route-exists']);
  expect(metaOf(await leaseOf(world)).annotations['heddle.dev/record']).not.toContain('allPorts');
});

/** The rules that stand, whosever. */
async function rules(): Promise<string> {
  const objects = await world.sandbox
    .cluster('looking')
    .list({ group: 'networking.istio.io', kind: 'VirtualService', namespace: NAMESPACE });
  return JSON.stringify(objects.map(({ spec }) => spec));
}
