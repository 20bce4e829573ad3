import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTwoVersions } from '../../test/routes/two-versions.js';
import { NAMESPACE, type World } from '../../test/sessions/world.js';
import type { Version } from '../model/change.js';
import { resolveVersions } from './resolve-versions.js';

let world: World;

beforeEach(async () => {
  world = await createTwoVersions();
});
afterEach(() => world.stop());

/** What a name means that the mesh knew by a label when the routes were set, and does not any more. */
async function resolved(id: string, kept: readonly Version[]) {
  const { cluster } = await world.developer('alice');
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'tomcat' });
  if (service === undefined) throw new Error('no Service tomcat');
  const services = [{ namespace: NAMESPACE, name: 'tomcat', port: 8080 }];
  return resolveVersions(cluster, [id], { service, services, ofMesh: [], kept });
}

const byLabel = (id: string): Version => ({ id, realise: 'tag', labels: { version: id } });
const byService = (id: string): Version => ({ id, realise: 'service', service: { namespace: NAMESPACE, name: `tomcat-${id}` } });

it('a version whose pods have gone goes on to mean what it did, though a Service that has lost the same pods is called like it', async () => {
  expect(await resolved('v3', [byLabel('v3')])).toEqual({ ok: [byLabel('v3')] });
});

it('a Service with a ready pod takes the place of a version that the mesh tells no more', async () => {
  expect(await resolved('next', [byLabel('next')])).toEqual({ ok: [byService('next')] });
});

it('nobody’s name of old means its Service, ready or not: the plan says what that comes to', async () => {
  expect(await resolved('v3', [])).toEqual({ ok: [byService('v3')] });
});
