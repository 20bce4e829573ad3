import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
async function resolved(id: string, kept: readonly Version[], byLabel = false) {
  const { cluster } = await world.developer('alice');
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'tomcat' });
  if (service === undefined) throw new Error('no Service tomcat');
  const services = [{ namespace: NAMESPACE, name: 'tomcat', port: 8080 }];
  return resolveVersions(cluster, [id], { service, services, ofMesh: [], byLabel, kept });
}

const byTag = (id: string): Version => ({ id, realise: 'tag', labels: { version: id } });
const bySubset = (id: string): Version => ({ id, realise: 'subset', labels: { version: id } });
const byService = (id: string): Version => ({ id, realise: 'service', service: { namespace: NAMESPACE, name: `tomcat-${id}` } });

it('a version whose pods have gone goes on to mean what it did, though a Service that has lost the same pods is called like it', async () => {
  expect(await resolved('v3', [byTag('v3')])).toEqual({ ok: [byTag('v3')] });
});

it('a Service with a ready pod takes the place of a version that the mesh tells no more', async () => {
  expect(await resolved('next', [byTag('next')])).toEqual({ ok: [byService('next')] });
});

it('nobody’s name of old means its Service, ready or not: the plan says what that comes to', async () => {
  expect(await resolved('v3', [])).toEqual({ ok: [byService('v3')] });
});

describe('where the mesh can be made to tell pods apart by a label', () => {
  it('their label is what a name means, if a Service called like it has other pods', async () => {
    expect(await resolved('canary', [], true)).toEqual({ ok: [bySubset('canary')] });
    const { cluster } = await world.developer('bob');
    const labels = { run: 'tomcat', version: 'next' };
    await cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: NAMESPACE, name: 'next', labels }, spec: {} });
    expect(await resolved('next', [], true)).toEqual({ ok: [bySubset('next')] });
    // What a name meant it goes on to mean.
    expect(await resolved('next', [byService('next')], true)).toEqual({ ok: [byService('next')] });
  });

  it('a Service with just these pods is taken for them, but not in place of a subset that stands', async () => {
    const { cluster } = await world.developer('bob');
    const selector = { run: 'tomcat', version: 'canary' };
    const spec = { selector, ports: [{ port: 8080 }] };
    await cluster.create({ apiVersion: 'v1', kind: 'Service', metadata: { namespace: NAMESPACE, name: 'tomcat-canary' }, spec });
    expect(await resolved('canary', [], true)).toEqual({ ok: [byService('canary')] });
    expect(await resolved('canary', [bySubset('canary')], true)).toEqual({ ok: [bySubset('canary')] });
  });

  it('where what a name meant has gone, the label takes its place', async () => {
    expect(await resolved('canary', [byService('canary')], true)).toEqual({ ok: [bySubset('canary')] });
    expect(await resolved('canary', [{ id: 'canary', realise: 'subset', labels: { version: 'canary' }, ref: 'theirs' }], true)).toEqual({
      ok: [bySubset('canary')],
    });
  });

  it('a name that no pod has is its Service, or what it was', async () => {
    expect(await resolved('v3', [], true)).toEqual({ ok: [byService('v3')] });
    expect(await resolved('gone', [bySubset('gone')], true)).toEqual({ ok: [bySubset('gone')] });
    expect(await resolved('gone', [], true)).toMatchObject({ refused: [{ code: 'unknown-version' }] });
  });

  it('where it cannot, a label is but a hint', async () => {
    expect(await resolved('canary', [])).toMatchObject({
      refused: [{ code: 'unknown-version', instead: expect.stringContaining('version=canary') }],
    });
  });
});
