import { metaOf } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clear, clearing, counted, createTwoVersions, leaseOf, plan, routeDeps, split, TOMCAT_9 } from '../../test/routes/two-versions.js';
import { editRules, isOurs, rulesOf } from '../../test/sessions/foreign-rules.js';
import { contents, type Developer, NAMESPACE, TOMCAT_7, type World } from '../../test/sessions/world.js';
import type { Cluster } from '../contracts/cluster.js';
import { ClusterError } from '../errors/cluster-error.js';
import { listSessions } from '../sessions/list.js';
import { applyRoutes } from './apply-routes.js';
import { planRoutes } from './plan-routes.js';

let world: World;
let alice: Developer;
let bob: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
  bob = await world.developer('bob');
});
afterEach(() => world.stop());

const refusals = async (shares: string, name?: string) => {
  const planning = await plan(alice, shares, name);
  return 'refused' in planning ? planning.refused : [];
};

describe('a split', () => {
  it('sends the shares to the versions on every plane, and clearing it leaves all as it was, byte for byte', async () => {
    const before = contents(world.sandbox);
    const planning = await plan(alice, 'v1=90 v2=10');
    expect(planning).toMatchObject({
      route: {
        id: 'tomcat.8080',
        was: [],
        entries: [
          {
            name: 'split',
            match: [],
            to: [
              { version: 'v1', weight: 90 },
              { version: 'v2', weight: 10 },
            ],
            by: { user: 'alice' },
          },
        ],
        versions: [
          { id: 'v1', realise: 'subset', labels: { version: 'v1' } },
          { id: 'v2', realise: 'subset', labels: { version: 'v2' } },
        ],
        plan: {
          effects: [
            { requests: 'everyone who calls mesh-demo/tomcat:8080', before: 'tomcat 100 %', after: 'v1 90 %, v2 10 %' },
            { requests: 'everyone who calls mesh-demo/tomcat:8080', before: 'v1 100 %', after: 'v1 90 %, v2 10 %' },
          ],
        },
        unchanged: false,
      },
    });
    expect(contents(world.sandbox)).toEqual(before);
    await split(alice, 'v1=90 v2=10');
    for (const via of ['mesh', 'gateway'] as const) {
      const counts = await counted(world, via);
      expect(Object.keys(counts).sort()).toEqual([TOMCAT_7, TOMCAT_9]);
      expect(counts[TOMCAT_9]).toBeGreaterThan(10);
      expect(counts[TOMCAT_9]).toBeLessThan(80);
    }
    expect(await clear(bob)).toMatchObject({ left: [] });
    expect(contents(world.sandbox)).toEqual(before);
  });

  it('has a Lease that never expires, with what it is, who made it and what it is a copy of', async () => {
    await split(alice, 'v1=90 v2=10');
    const lease = await leaseOf(world);
    expect(lease?.spec).not.toHaveProperty('renewTime');
    expect(metaOf(lease).labels).toEqual({
      'app.kubernetes.io/managed-by': 'heddle',
      'heddle.dev/service': 'tomcat',
      'heddle.dev/route': '8080',
    });
    const record = JSON.parse(metaOf(lease).annotations['heddle.dev/record'] ?? '{}');
    expect(record).toMatchObject({
      version: 1,
      kind: 'route',
      id: 'tomcat.8080',
      state: 'active',
      startedBy: { user: 'alice', host: 'alice-laptop' },
      route: {
        entries: [
          {
            name: 'split',
            match: [],
            to: [
              { version: 'v1', weight: 90 },
              { version: 'v2', weight: 10 },
            ],
            by: { user: 'alice', host: 'alice-laptop' },
            since: record.createdAt,
          },
        ],
        established: true,
      },
    });
    expect(record.rules).toHaveLength(2);
    expect(record.route.copied).toMatch(/^[0-9a-f]+/);
    await world.clock.advance(10_000_000);
    expect(await listSessions(world.sandbox.cluster('x'), {}, { isGone: () => true })).toMatchObject([
      { id: 'tomcat.8080', kind: 'route', expired: false, abandoned: false },
    ]);
  });

  it('is changed by the next one, whose plan says where requests go now, not where they would go without it', async () => {
    await split(alice, 'v1=90 v2=10');
    const everyone = 'everyone who calls mesh-demo/tomcat:8080';
    const effect = { requests: everyone, before: 'v1 90 %, v2 10 %', after: 'v1 50 %, v2 50 %' };
    expect(await plan(bob, 'v1=50 v2=50')).toMatchObject({ route: { plan: { effects: [effect, effect] } } });
  });

  it('is changed by the next one, and the same again changes nothing', async () => {
    await split(alice, 'v1=90 v2=10');
    const before = contents(world.sandbox);
    expect(await plan(bob, 'v1=90 v2=10')).toMatchObject({ route: { unchanged: true, plan: { edits: [] } } });
    await split(bob, 'v1=0 v2=100');
    expect(await counted(world, 'mesh')).toEqual({ [TOMCAT_9]: 400 });
    expect(await plan(bob, 'next=100')).toMatchObject({
      route: {
        was: [
          {
            to: [
              { version: 'v1', weight: 0 },
              { version: 'v2', weight: 100 },
            ],
          },
        ],
        versions: [{ realise: 'service' }],
      },
    });
    await split(bob, 'next=100');
    await split(alice, 'v1=90 v2=10');
    const times = (all: ReadonlyMap<string, string>) => [...all].filter(([key]) => !key.startsWith('Lease '));
    expect(times(contents(world.sandbox))).toEqual(times(before));
  });

  it('keeps timeouts, mirrors and whatever else the rules say', async () => {
    const more = { timeout: '3s', mirror: { host: 'tomcat', subset: 'v2' }, novel: { kept: true } };
    await editRules(world, ([rule]) => [{ ...rule, ...more }]);
    await split(alice, 'v1=50 v2=50');
    const [ours, theirs] = await rulesOf(world);
    expect(ours).toEqual({
      name: 'heddle/route/mesh-demo/tomcat.8080/0',
      route: ['v1', 'v2'].map((subset) => ({
        destination: { host: 'tomcat.mesh-demo.svc.cluster.local', subset, port: { number: 8080 } },
        weight: 50,
      })),
      ...more,
    });
    expect(theirs).toMatchObject(more);
  });
});

describe('a split is refused', () => {
  it.each([
    ['v9=100', 'unknown-version', /has no version v9: there is canary, next, v1, v2, v3, v4/],
    ['blue=100', 'unknown-version', /pods of it carry colour=blue, but the mesh has no subset/],
    ['v3=100', 'no-ready-pods', /Version v3 has no ready pod/],
    ['v4=100', 'version-port', /has no port 8080/],
  ])('%s: %s', async (shares, code, message) => {
    const [refusal, ...more] = await refusals(shares);
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(message), instead: expect.any(String) });
  });

  it('for lack of rights to read, not for a version that may well be there', async () => {
    const forbidden = new ClusterError({ reason: 'Forbidden', status: 403, message: 'no' });
    const list: Cluster['list'] = (query, options) =>
      query.kind === 'DestinationRule' ? Promise.reject(forbidden) : alice.cluster.list(query, options);
    const blind = new Proxy(alice.cluster, { get: (cluster, key) => (key === 'list' ? list : Reflect.get(cluster, key).bind(cluster)) });
    const planning = planRoutes(
      { ...routeDeps(alice), cluster: blind },
      {
        service: { namespace: NAMESPACE, name: 'tomcat' },
        edit: () => [{ name: 'split', match: [], to: [{ version: 'v1', weight: 100 }] }],
      },
    );
    expect(await planning).toMatchObject({ refused: [{ code: 'unread', message: expect.stringContaining('DestinationRule') }] });
  });

  it('beside another one for the same requests, whose name it says', async () => {
    await split(alice, 'v1=90 v2=10');
    expect(await refusals('v1=50 v2=50', 'other')).toMatchObject([
      { code: 'route-exists', message: expect.stringContaining('split of alice@alice-laptop already decides where they go') },
    ]);
  });

  it('while somebody else is changing it', async () => {
    await split(alice, 'v1=90 v2=10');
    const reached = new Promise<void>((resolve) => {
      world.sandbox.faults.add(async ({ client, verb, resource, dryRun }, phase) => {
        if (client !== 'bob' || verb !== 'update' || resource !== 'virtualservices' || dryRun === true || phase === 'after') return;
        resolve();
        await new Promise(() => undefined);
      });
    });
    void split(bob, 'v1=50 v2=50');
    await reached;
    expect(await refusals('v1=10 v2=90')).toMatchObject([{ code: 'route-busy' }]);
    expect(await clearing(alice)).toMatchObject({ refused: [{ code: 'route-busy' }] });
  });

  it('when its rules have been edited by hand', async () => {
    await split(alice, 'v1=90 v2=10');
    await editRules(world, ([ours, ...rest]) => [{ ...ours, timeout: '1s' }, ...rest]);
    expect(await refusals('v1=50 v2=50')).toMatchObject([
      {
        code: 'rule-edited',
        message: expect.stringContaining("standing route's rule"),
        instead: expect.stringMatching(/then run the command again$/),
      },
    ]);
    await editRules(world, (rules) => [
      ...rules.slice(0, 1),
      { ...rules[0], name: 'heddle/route/mesh-demo/tomcat.8080/1' },
      ...rules.slice(1),
    ]);
    const edited = await refusals('v1=50 v2=50');
    expect(edited.map(({ message }) => message)).toEqual(
      [0, 1].map((at) => `Somebody edited this standing route's rule at /spec/http/${at} of VirtualService mesh-demo/tomcat by hand`),
    );
    // Said once by who prints it.
    expect(new Set(edited.map(({ instead }) => instead)).size).toBe(1);
    await editRules(world, (rules) => rules.toSpliced(1, 1));
    const before = contents(world.sandbox);
    expect(await clearing(alice)).toMatchObject({ refused: [{ code: 'rule-edited' }] });
    await expect(clear(alice)).rejects.toThrow('rule-edited');
    expect(contents(world.sandbox)).toEqual(before);
    await editRules(world, (rules) => rules.filter((rule) => !isOurs(rule)));
    expect(await clear(alice)).toMatchObject({ left: [] });
  });

  it('when what was agreed to is not what it would do any more, and nothing is left of it', async () => {
    const planning = await plan(alice, 'v1=90 v2=10');
    if ('refused' in planning) throw new Error('refused');
    await editRules(world, (rules) => rules.map((rule) => ({ ...rule, route: [{ destination: { host: 'tomcat', subset: 'v2' } }] })));
    const before = contents(world.sandbox);
    await expect(applyRoutes(routeDeps(alice), planning.route)).rejects.toMatchObject({ code: 'plan-changed', exit: 'refused' });
    expect(contents(world.sandbox)).toEqual(before);
  });
});

describe('two people', () => {
  it('who split at once: one of them is done, and the other is told', async () => {
    const outcomes = await Promise.allSettled([split(alice, 'v1=90 v2=10'), split(bob, 'v1=20 v2=80')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'route-busy' } });
    await split(bob, 'v1=0 v2=100');
    expect(await counted(world, 'gateway')).toEqual({ [TOMCAT_9]: 400 });
  });
});
