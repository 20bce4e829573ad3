import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTwoVersions, routeDeps, sharesOf } from '../../test/routes/two-versions.js';
import { contents, type Developer, NAMESPACE, type World } from '../../test/sessions/world.js';
import { isRecord, type KubeObject, refOf } from '../model/object.js';
import { applyRoutes } from './apply-routes.js';
import { listRoutes } from './list-routes.js';
import { planRoutes } from './plan-routes.js';
import { planClear } from './plan-standing.js';
import { setEntry } from './set-entry.js';

let world: World;
let alice: Developer;

/** The Service and its versions have a second port that carries HTTP. */
function withAdmin(object: KubeObject): KubeObject {
  const spec = isRecord(object.spec) ? object.spec : {};
  if (object.kind !== 'Service' || refOf(object).name !== 'tomcat' || !Array.isArray(spec.ports)) return object;
  return { ...object, spec: { ...spec, ports: [...spec.ports, { name: 'http-admin', port: 9090, targetPort: 8080 }] } };
}

beforeEach(async () => {
  world = await createTwoVersions((scenario) => ({ ...scenario, objects: scenario.objects.map(withAdmin) }));
  alice = await world.developer('alice');
});
afterEach(() => world.stop());

const service = { namespace: NAMESPACE, name: 'tomcat' };
const planned = (port?: string) =>
  planRoutes(routeDeps(alice), {
    service,
    ...(port === undefined ? {} : { port }),
    edit: setEntry({ name: 'split', match: [], ...sharesOf('v2=100') }, { named: false }),
  });
const put = async (port?: string) => {
  const planning = await planned(port);
  if ('refused' in planning) throw new Error(planning.refused.map(({ message }) => message).join('; '));
  await applyRoutes(routeDeps(alice), planning.route);
};
const cleared = async (port?: string) => {
  const planning = await planClear(routeDeps(alice), { service, ...(port === undefined ? {} : { port }) });
  if ('refused' in planning) throw new Error('refused');
  for (const route of planning.routes) await applyRoutes(routeDeps(alice), route);
  return planning.routes.map(({ id }) => id);
};
const ids = async () => (await listRoutes(alice.cluster, { namespace: NAMESPACE })).map(({ id }) => id);

it('each port may have routes of its own, which are taken back one by one or all', async () => {
  const before = contents(world.sandbox);
  await put('8080');
  await put('http-admin');
  expect(await ids()).toEqual(['tomcat.8080', 'tomcat.9090']);
  expect(await cleared('http-admin')).toEqual(['tomcat.9090']);
  expect(await ids()).toEqual(['tomcat.8080']);
  await put('9090');
  expect(await cleared()).toEqual(['tomcat.8080', 'tomcat.9090']);
  expect(contents(world.sandbox)).toEqual(before);
});

it('routes for all ports and routes for one of them are refused beside each other, with the way out', async () => {
  await put();
  expect(await ids()).toEqual(['tomcat.8080-9090']);
  expect(await planned('8080')).toMatchObject({
    refused: [
      {
        code: 'route-exists',
        message: expect.stringContaining('mesh-demo/tomcat has standing routes for port 8080, 9090 (split), and others for port 8080'),
        instead: 'Name no port, or take them back first: heddle route clear tomcat -n mesh-demo',
      },
    ],
  });
  await expect(cleared('8080')).rejects.toMatchObject({
    code: 'unknown-route',
    message: 'mesh-demo/tomcat has no standing route for that port alone',
    next: ['There are some for port 8080 and 9090'],
  });
  await cleared();
  await put('8080');
  expect(await planned()).toMatchObject({
    refused: [
      { code: 'route-exists', instead: 'Name that port: tomcat:8080, or take them back first: heddle route clear tomcat -n mesh-demo' },
    ],
  });
});

it('of two who make overlapping ones at once, one is told', async () => {
  const outcomes = await Promise.allSettled([put(), put('9090')]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(await ids()).toHaveLength(1);
});
