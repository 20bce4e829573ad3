import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, createWorld, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { ClusterError } from '../errors/cluster-error.js';
import { isRecord, type KubeObject, metaOf } from '../model/object.js';
import { planSession } from './begin.js';
import { startSession } from './session.js';
import type { SessionOptions } from './types.js';

let world: World;
let before: ReadonlyMap<string, string>;
beforeEach(async () => {
  world = await createWorld();
  before = contents(world.sandbox);
});
afterEach(() => world.stop());

async function label(key: string, value: string): Promise<void> {
  const cluster = world.sandbox.cluster('admin');
  const namespace = (await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE })) ?? {};
  const metadata = isRecord(namespace.metadata) ? namespace.metadata : {};
  await cluster.replace({ ...namespace, metadata: { ...metadata, labels: { ...metaOf(namespace).labels, [key]: value } } } as KubeObject);
  before = contents(world.sandbox);
}

/** The session does not become active, for this reason, and everything is as before. */
async function expectFailure(change: Partial<SessionOptions>, error: Record<string, unknown>): Promise<void> {
  const alice = await world.developer('alice');
  const { session } = alice.start(header('x-dev', 'alice'), change);
  await expect(session.active).rejects.toMatchObject(error);
  expect(await session.done).toMatchObject({ why: 'failed', left: [], error });
  await expect.poll(() => contents(world.sandbox)).toEqual(before);
}

const written = () =>
  world.sandbox.faults.requests.filter(
    ({ client, verb, dryRun, resource }) =>
      client === 'alice' && /create|update|delete/.test(verb) && dryRun !== true && resource !== 'selfsubjectaccessreviews',
  );

describe('a session that cannot start', () => {
  it('names the Services that there are when its own is unknown', async () => {
    await expectFailure(
      { service: { namespace: NAMESPACE, name: 'tomkat' } },
      {
        code: 'unknown-service',
        exit: 'usage',
        message: 'There is no Service tomkat in namespace mesh-demo of alice',
        next: ['Services there: tomcat'],
      },
    );
    expect(written()).toEqual([]);
  });

  it('names the ports that there are', async () => {
    const ports = [{ port: '80', local: { host: '127.0.0.1', port: 1 } }];
    await expectFailure({ ports }, { code: 'unknown-port', exit: 'usage', message: expect.stringContaining('8080 (http)') });
    expect(written()).toEqual([]);
  });

  it('names the rights that are missing, all at once, before it changes anything', async () => {
    world.sandbox.faults.deny(
      ({ resource, subresource, verb }, client) =>
        client === 'alice' && (subresource === 'portforward' || (resource === 'secrets' && verb === 'create')),
    );
    await expectFailure(
      {},
      {
        code: 'missing-rights',
        exit: 'refused',
        message: 'You may not create secrets in namespace mesh-demo; create pods/portforward in namespace mesh-demo',
      },
    );
    expect(written()).toEqual([]);
  });

  it('asks for rights on mesh objects only where it writes', async () => {
    world.sandbox.faults.deny(
      ({ resource, verb }, client) => client === 'alice' && ['virtualservices', 'destinationrules'].includes(resource) && verb === 'update',
    );
    await expectFailure(
      {},
      { code: 'missing-rights', message: 'You may not update virtualservices.networking.istio.io in namespace mesh-demo' },
    );
    expect(written()).toEqual([]);
  });

  it("says that it is the mesh's own container which PodSecurity refuses, before it changes anything", async () => {
    await label('pod-security.kubernetes.io/enforce', 'restricted');
    await expectFailure(
      {},
      {
        code: 'pod-security',
        message: expect.stringMatching(/^The mesh's own containers \(istio-init, istio-proxy\) .*"restricted"/),
        next: expect.arrayContaining(['Use --no-sidecar']),
      },
    );
    expect(written()).toEqual([]);
  });

  it('says what to do about an image that cannot be pulled', async () => {
    await expectFailure(
      { agent: { image: 'registry.invalid/agent:1' } },
      {
        code: 'image-pull',
        exit: 'cluster',
        message: expect.stringContaining('registry.invalid/agent:1'),
        next: expect.arrayContaining([expect.stringContaining('agent.image')]),
      },
    );
  });

  it('gives up on a tunnel that does not connect in time', async () => {
    world.sandbox.faults.add(({ subresource, client }, phase) => {
      if (subresource === 'portforward' && client === 'alice' && phase === 'before') throw new Error('no route to host');
    });
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    await event((one) => one.type === 'progress' && one.message === 'connecting the tunnel');
    for (let passed = 0; passed < 61_000; passed += 1_000) await world.clock.advance(1_000);
    await expect(session.active).rejects.toMatchObject({ code: 'tunnel-timeout', message: expect.stringContaining('within 60 s') });
    expect(await session.done).toMatchObject({ why: 'failed', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });

  it('puts everything back when a rule is refused half way', async () => {
    world.sandbox.faults.add(({ verb, resource, client, dryRun }, phase) => {
      if (client === 'alice' && phase === 'before' && verb === 'create' && resource === 'virtualservices' && dryRun !== true) {
        throw new ClusterError({ reason: 'Forbidden', status: 403, message: 'quota of VirtualServices is used up' });
      }
    });
    await expectFailure({}, { code: 'cluster-forbidden', message: 'quota of VirtualServices is used up' });
  });

  it('changes nothing when it is not confirmed', async () => {
    const alice = await world.developer('alice');
    const asked: string[] = [];
    const session = startSession(alice.deps, alice.options(header('x-dev', 'alice')), {
      onEvent: () => undefined,
      confirm: async (plan) => {
        asked.push(plan.id);
        return false;
      },
    });
    expect(await session.done).toEqual({ why: 'interrupted', left: [] });
    expect(asked).toEqual([session.id]);
    await expect(session.active).rejects.toMatchObject({ code: 'interrupted' });
    expect(written()).toEqual([]);
  });

  it('ends although the question is never answered', async () => {
    const alice = await world.developer('alice');
    const asked = Promise.withResolvers<void>();
    const session = startSession(alice.deps, alice.options(), {
      onEvent: () => undefined,
      confirm: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    await asked.promise;
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    expect(written()).toEqual([]);
  });
});

describe('planSession', () => {
  it('shows the objects and the plan, and changes nothing', async () => {
    const alice = await world.developer('alice');
    const planning = await planSession(alice.deps, alice.options(header('x-dev', 'alice')));
    if ('refused' in planning) throw new Error(planning.refused.map(({ message }) => message).join());
    const { id, shadow, plan, match } = planning.session;
    expect(match).toEqual(header('x-dev', 'alice'));
    expect(shadow.map(({ kind, metadata }) => [kind, metaOf({ metadata }).name])).toEqual([
      ['Secret', `heddle-${id}`],
      ['Service', `heddle-tomcat-${id}`],
      ['Pod', `heddle-tomcat-${id}`],
    ]);
    expect(JSON.stringify(shadow)).not.toContain('PRIVATE KEY');
    expect(plan.edits.map(({ op, ref }) => `${op} ${ref.name}`).sort()).toEqual(['create heddle-tomcat', 'replace tomcat']);
    expect(plan.checks.witnesses).toBeGreaterThan(0);
    expect(written()).toEqual([]);
    expect(contents(world.sandbox)).toEqual(before);
  });
});

describe('a session without a sidecar', () => {
  it('runs in a namespace that enforces restricted, and its proof reads written', async () => {
    await label('pod-security.kubernetes.io/enforce', 'restricted');
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'), { sidecar: 'off' });
    await session.active;
    expect(session.proofs).toMatchObject([
      { view: { plane: 'mesh' }, state: 'written', why: expect.stringContaining('no sidecar') },
      { view: { plane: 'gateway' }, state: 'written' },
    ]);
    expect((await world.call({ 'x-dev': 'alice' }, 'gateway')).body).toBe(alice.body);
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });
});

describe('a proof that cannot be made', () => {
  it('reads written, with the reason, and the session runs all the same', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start({ ...header('x-dev', 'alice'), method: { exact: 'POST' } });
    await session.active;
    expect(session.proofs[0]).toMatchObject({ state: 'written', why: expect.stringContaining('could change something') });
    await session.stop();
  });
});
