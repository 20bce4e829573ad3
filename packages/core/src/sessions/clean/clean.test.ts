import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killedSession } from '../../../test/sessions/killed.js';
import { contents, createWorld, header, NAMESPACE, TOMCAT_7, type World } from '../../../test/sessions/world.js';
import { metaOf } from '../../model/object.js';
import { listSessions } from '../list.js';
import { leaseRef, RECORD_ANNOTATION } from '../names.js';
import { clean } from './clean.js';

let world: World;
let before: ReadonlyMap<string, string>;
beforeEach(async () => {
  world = await createWorld();
  before = contents(world.sandbox);
});
afterEach(() => world.stop());

const forReal = { dryRun: false, force: false };

const killed = (user?: string) => killedSession(world, user);

async function expectRestored(): Promise<void> {
  await expect.poll(() => contents(world.sandbox)).toEqual(before);
}

describe('clean', () => {
  it('removes an expired session, and says what it did', async () => {
    const { id } = await killed();
    expect((await world.call({ 'x-dev': 'alice' })).status).toBe(503);
    expect(await world.call()).toEqual({ status: 200, body: TOMCAT_7 });
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    const report = await clean(bob.clean, forReal);
    expect(report).toMatchObject({
      sessions: [{ id, namespace: NAMESPACE, why: 'not renewed for 311 s' }],
      orphans: [],
      left: [],
      kept: [],
    });
    const removed = report.removed.map(({ ref, how }) => `${ref.kind} ${ref.name} ${how}`);
    expect(removed.slice(0, 2).sort()).toEqual(['VirtualService heddle-tomcat deleted', 'VirtualService tomcat rules removed']);
    expect(removed.slice(2)).toEqual([
      `Pod heddle-tomcat-${id} deleted`,
      `Service heddle-tomcat-${id} deleted`,
      `Secret heddle-${id} deleted`,
      `Lease heddle-${id} deleted`,
    ]);
    await expectRestored();
  });

  it('lets live sessions be, and counts 310 seconds by the clock of the API server', async () => {
    const { id } = await killed();
    const bob = await world.developer('bob');
    await world.clock.advance(305_000);
    expect(await clean(bob.clean, forReal)).toMatchObject({ sessions: [], removed: [], kept: [{ id, why: 'renewed 305 s ago' }] });
    // The cleaner's own clock says otherwise; it does not count.
    const early = {
      ...bob.clean,
      clock: { ...world.clock, now: () => world.clock.now() + 86_400_000, monotonic: world.clock.monotonic, sleep: world.clock.sleep },
    };
    expect(await clean(early, forReal)).toMatchObject({ sessions: [], kept: [{ id }] });
  });

  it('only says what it would do with dryRun', async () => {
    const { id } = await killed();
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    const standing = contents(world.sandbox);
    const report = await clean(bob.clean, { dryRun: true, force: false });
    expect(report).toMatchObject({ sessions: [{ id }], left: [], kept: [] });
    expect(new Set(report.removed.map(({ ref, how }) => `${ref.kind} ${how}`))).toEqual(
      new Set(['VirtualService rules removed', 'Pod deleted', 'Service deleted', 'Secret deleted', 'Lease deleted']),
    );
    expect(contents(world.sandbox)).toEqual(standing);
  });

  it('looks into one namespace or into all', async () => {
    const { id } = await killed();
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    expect(await clean(bob.clean, { ...forReal, namespace: 'default' })).toEqual({
      sessions: [],
      orphans: [],
      removed: [],
      left: [],
      kept: [],
    });
    expect(await clean(bob.clean, { ...forReal, namespace: NAMESPACE })).toMatchObject({ sessions: [{ id }] });
    await expectRestored();
  });

  it('says so where other namespaces may not be read, and does not call anything clean', async () => {
    const { id } = await killed();
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    const allow = world.sandbox.faults.deny(
      ({ resource, namespace }, client) => client === 'bob' && resource === 'virtualservices' && namespace === undefined,
    );
    await expect(clean(bob.clean, forReal)).rejects.toMatchObject({ code: 'cluster-forbidden' });
    const report = await clean(bob.clean, { ...forReal, namespace: NAMESPACE });
    expect(report.left).toMatchObject([
      { why: expect.stringContaining('virtualservices.networking.istio.io could not be listed in all namespaces') },
      ...['Pod', 'Service', 'Secret'].map((kind) => ({
        ref: { kind },
        why: expect.stringContaining('as long as rules of the session do'),
      })),
    ]);
    expect([...contents(world.sandbox).keys()]).toContain(`Lease ${NAMESPACE}/heddle-${id}`);
    allow();
    await world.clock.advance(311_000);
    expect(await clean(bob.clean, { ...forReal, namespace: NAMESPACE })).toMatchObject({ left: [], sessions: [{ id }] });
    await expectRestored();
  });

  it("removes everybody's sessions by force", async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'));
    await session.active;
    const bob = await world.developer('bob');
    const report = await clean(bob.clean, { dryRun: false, force: true });
    expect(report).toMatchObject({ sessions: [{ id: session.id, why: expect.stringContaining('by force') }], left: [] });
    expect(await session.done).toMatchObject({ why: expect.stringMatching(/failed|record-gone/), left: [] });
    await expectRestored();
  });

  it('goes to one of two cleaners that come at the same moment', async () => {
    const { id } = await killed();
    const cleaners = await Promise.all(['bob', 'carol'].map((name) => world.developer(name)));
    await world.clock.advance(311_000);
    // Both have seen the expired Lease before either takes it.
    let waiting = 0;
    const both = Promise.withResolvers<void>();
    const remove = world.sandbox.faults.add(async ({ verb, resource }, phase) => {
      if (phase !== 'before' || verb !== 'update' || resource !== 'leases') return;
      waiting += 1;
      if (waiting === 2) both.resolve();
      await both.promise;
      remove();
    });
    const reports = await Promise.all(cleaners.map((one) => clean(one.clean, forReal)));
    expect(reports.flatMap(({ sessions }) => sessions).map((one) => one.id)).toEqual([id]);
    expect(reports.flatMap(({ kept }) => kept)).toMatchObject([{ id, why: expect.stringContaining('another cleaner') }]);
    expect(reports.flatMap(({ left }) => left)).toEqual([]);
    await expectRestored();
  });

  it('can be taken on from a cleaner that died, once that one has expired too', async () => {
    const { id } = await killed();
    const carol = await world.developer('carol');
    for (let k = 1; ; k++) {
      const bob = await world.developer(`bob-${k}`);
      await world.clock.advance(311_000);
      const crash = world.sandbox.faults.crash(`bob-${k}`, k);
      const hit = await Promise.race([crash.reached, clean(bob.clean, forReal).then(() => undefined)]);
      if (hit === undefined) break;
      const summaries = await listSessions(carol.cluster, {}, carol.deps);
      const [summary] = summaries;
      // Whoever died holding it is not disturbed before its time.
      if (summary?.state === 'draining' && !summary.expired) {
        expect(await clean(carol.clean, forReal)).toMatchObject({ sessions: [], kept: [{ id }] });
      }
    }
    await expectRestored();
  });

  it('finds a rule without a Lease', async () => {
    const { id } = await killed();
    const kubectl = world.sandbox.cluster('kubectl');
    const { uid = '', resourceVersion = '' } = metaOf(await kubectl.get(leaseRef(NAMESPACE, id)));
    await kubectl.delete(leaseRef(NAMESPACE, id), { uid, resourceVersion });
    // The shadow went with its Lease; a matching request finds nobody, and no other changes.
    await expect.poll(() => [...contents(world.sandbox).keys()].filter((key) => key.includes(id))).toEqual([]);
    expect((await world.call({ 'x-dev': 'alice' })).status).toBe(503);
    const bob = await world.developer('bob');
    expect(await clean(bob.clean, { dryRun: true, force: false })).toMatchObject({
      sessions: [],
      orphans: [{ owner: `session/${NAMESPACE}/${id}` }, {}],
    });
    const report = await clean(bob.clean, forReal);
    expect(report).toMatchObject({ sessions: [], left: [], kept: [], orphans: [{ owner: `session/${NAMESPACE}/${id}` }, {}] });
    await expectRestored();
  });

  it('does not take a session that is starting for an orphan, wherever the two meet', async () => {
    const bob = await world.developer('bob');
    const alice = await world.developer('alice');
    for (let k = 1, met = true; met; k++) {
      met = false;
      let count = 0;
      const { promise: active, resolve } = Promise.withResolvers<void>();
      // The cleaner's k-th request waits until the session is active, start to end.
      const remove = world.sandbox.faults.add(async ({ client }, phase) => {
        if (client !== 'bob' || phase !== 'before') return;
        count += 1;
        if (count !== k) return;
        met = true;
        const { session } = alice.start(header('x-dev', 'alice'));
        void session.active.then(resolve);
        await active;
      });
      const report = await clean(bob.clean, forReal);
      remove();
      expect(report).toMatchObject({ sessions: [], orphans: [], removed: [], left: [] });
      if (met) expect((await world.call({ 'x-dev': 'alice' })).body).toBe(alice.body);
      await alice.stopAll();
    }
    await expectRestored();
  });

  it('leaves a record alone that it cannot read, unless forced', async () => {
    const { id } = await killed();
    const kubectl = world.sandbox.cluster('kubectl');
    const lease = await kubectl.get(leaseRef(NAMESPACE, id));
    const metadata = lease?.metadata as Record<string, unknown>;
    await kubectl.replace({ ...lease, metadata: { ...metadata, annotations: { [RECORD_ANNOTATION]: '{"version":2}' } } });
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    expect(await listSessions(bob.cluster, {}, bob.deps)).toMatchObject([
      { id, expired: true, problem: expect.stringContaining('record.version') },
    ]);
    const report = await clean(bob.clean, forReal);
    expect(report.left).toMatchObject([{ ref: { kind: 'Lease' }, why: expect.stringContaining('record.version: expected 1, received 2') }]);
    expect(await clean(bob.clean, { dryRun: false, force: true })).toMatchObject({ sessions: [{ id }], left: [] });
    await expectRestored();
  });

  it('leaves a session of an adapter alone that is not at hand', async () => {
    await killed();
    const bob = await world.developer('bob');
    await world.clock.advance(311_000);
    const report = await clean({ ...bob.clean, meshes: [] }, forReal);
    expect(report.left).toMatchObject([{ why: expect.stringContaining('adapter istio, which is not at hand') }]);
    expect(await clean(bob.clean, forReal)).toMatchObject({ left: [], sessions: [{}] });
  });
});
