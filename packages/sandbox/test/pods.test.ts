import { setTimeout as sleep } from 'node:timers/promises';
import { type InProcessAgent, type KubeObject, metaOf, type PodContext } from '@heddle/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { pod, toyAdapter, toyScenario } from './toy-mesh.js';

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });

/** An agent for pods labelled `agent`, whose readiness and life the test holds in its hands. */
function agentInHand() {
  const contexts: PodContext[] = [];
  let ready = false;
  let stopped = 0;
  const listeners: (() => void)[] = [];
  const agent: InProcessAgent = async (context) => {
    if (metaOf(context.pod).labels.agent === undefined) return undefined;
    contexts.push(context);
    return {
      connect: async () => {
        throw new Error('nothing listens');
      },
      ready: () => ready,
      onReadyChange: (listener) => listeners.push(listener),
      stop: async () => {
        await sleep(5);
        stopped += 1;
      },
    };
  };
  const setReady = (value: boolean) => {
    ready = value;
    for (const listener of listeners) listener();
  };
  return { agent, contexts, setReady, stopped: () => stopped };
}

describe('pods', () => {
  let sandbox: Sandbox;
  afterEach(async () => await sandbox.stop());

  const start = async (agents: readonly InProcessAgent[] = []) => {
    sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, agents });
    return sandbox.cluster();
  };
  const statusOf = async (name: string) => {
    const found = await sandbox.cluster('look').get(ref(name));
    return found?.status as
      | {
          phase: string;
          podIP?: string;
          conditions?: KubeObject[];
          containerStatuses?: { ready: boolean; state: { waiting?: { reason: string } } }[];
        }
      | undefined;
  };
  const eventually = async (check: () => Promise<boolean>) => {
    for (let n = 0; n < 200; n += 1) {
      if (await check()) return;
      await sleep(10);
    }
    throw new Error('it did not come about');
  };

  it('has a pod that is to run once end at once, unless its image is not there', async () => {
    const cluster = await start();
    const once = (image: string) => ({ containers: [{ name: 'a', image }], restartPolicy: 'Never' });
    await cluster.create(pod('once', {}, once('x')));
    await cluster.create(pod('never', {}, once('registry.invalid/x')));
    await eventually(async () => (await statusOf('once'))?.phase === 'Succeeded');
    expect((await statusOf('once'))?.containerStatuses?.[0]?.state).toMatchObject({ terminated: { exitCode: 0, reason: 'Completed' } });
    await eventually(async () => (await statusOf('never'))?.containerStatuses?.[0]?.state.waiting?.reason === 'ErrImagePull');
  });

  it('runs an agent with its Secrets: created, then running, ready when it says so, gone when deleted', async () => {
    const hand = agentInHand();
    const cluster = await start([hand.agent]);
    const volumes = [{ name: 's', secret: { secretName: 'keys' } }];
    const containers = [{ name: 'a', image: 'x', readinessProbe: { exec: { command: ['ready'] } } }];
    const created = await cluster.create(pod('shadow', { agent: 'yes' }, { containers, volumes }));
    expect(created.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    await eventually(async () => (await statusOf('shadow'))?.containerStatuses?.[0]?.state.waiting?.reason === 'ContainerCreating');
    expect(hand.contexts).toEqual([]);
    await cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'shop' }, stringData: { key: 'k' } });
    await eventually(async () => (await statusOf('shadow'))?.phase === 'Running');
    expect(hand.contexts[0]?.secrets).toEqual({ keys: { key: Buffer.from('k') } });
    const isReady = async () => (await statusOf('shadow'))?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
    expect(await isReady()).toBe(false);
    hand.setReady(true);
    expect(await isReady()).toBe(true);
    hand.setReady(false);
    expect(await isReady()).toBe(false);
    const { uid = '', resourceVersion = '' } = metaOf(await cluster.get(ref('shadow')));
    expect(await cluster.delete(ref('shadow'), { uid, resourceVersion })).toBe(true);
    expect(metaOf(await cluster.get(ref('shadow'))).deletionTimestamp).toBeDefined();
    await eventually(async () => (await cluster.get(ref('shadow'))) === undefined);
    expect(hand.stopped()).toBe(1);
  });

  it('takes a pod without a readiness probe for ready as soon as it runs', async () => {
    const cluster = await start([agentInHand().agent]);
    await cluster.create(pod('shadow', { agent: 'yes' }, { containers: [{ name: 'a', image: 'x' }] }));
    await eventually(async () => (await statusOf('shadow'))?.containerStatuses?.[0]?.ready === true);
  });

  it('ends a pod at once without grace, and with what owned it', async () => {
    const hand = agentInHand();
    const cluster = await start([hand.agent]);
    const lease = await cluster.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'shop' } });
    const { uid = '', resourceVersion = '' } = metaOf(lease);
    const owned = pod('shadow', { agent: 'yes' });
    const owner = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'l', uid };
    await cluster.create({ ...owned, metadata: { ...(owned.metadata as object), ownerReferences: [owner] } });
    await cluster.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'shop', name: 'l' }, { uid, resourceVersion });
    await eventually(async () => (await cluster.get(ref('shadow'))) === undefined);
    expect(hand.stopped()).toBe(1);
    await cluster.create(pod('again', { agent: 'yes' }));
    await eventually(async () => (await statusOf('again'))?.phase === 'Running');
    const second = metaOf(await cluster.get(ref('again')));
    await cluster.delete(ref('again'), { uid: second.uid ?? '', resourceVersion: second.resourceVersion ?? '' }, { gracePeriodSeconds: 0 });
    expect(await cluster.get(ref('again'))).toBeUndefined();
    await eventually(async () => hand.stopped() === 2);
  });

  it.each([
    ['nothing runs', 'example.dev/unknown:1', {}],
    ['cannot be pulled', 'registry.invalid/app:1', { agent: 'yes' }],
  ])('a pod whose image %s stays pending', async (_what, image, labels) => {
    const cluster = await start([agentInHand().agent]);
    await cluster.create(pod('stuck', labels, { containers: [{ name: 'a', image }] }));
    const reason = async () => (await statusOf('stuck'))?.containerStatuses?.[0]?.state.waiting?.reason;
    await eventually(async () => (await reason()) === 'ErrImagePull');
    expect((await statusOf('stuck'))?.phase).toBe('Pending');
    await eventually(async () => (await reason()) === 'ImagePullBackOff');
  });

  it('reports an agent that fails', async () => {
    const cluster = await start([
      async ({ pod: object }) => {
        if (metaOf(object).name === 'bad') throw new Error('no keys');
        return undefined;
      },
    ]);
    await cluster.create(pod('bad', {}));
    await eventually(async () => (await statusOf('bad'))?.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff');
  });

  it("passes the mesh's webhook", async () => {
    const cluster = await start();
    const made = await cluster.create(pod('asks', { app: 'gate', admitted: 'please' }));
    expect(metaOf(made).labels.admitted).toBe('by-the-mesh');
    await expect(cluster.create(pod('broken', { app: 'gate', admitted: 'badly' }))).rejects.toThrow('a valid label must be');
    const denied = pod('no', {});
    await expect(cluster.create({ ...denied, metadata: { ...(denied.metadata as object), annotations: { deny: 'yes' } } })).rejects.toThrow(
      'admission webhook "sandbox.heddle.dev" denied the request: the toy mesh says no',
    );
  });

  it('enforces the restricted level where the namespace says so', async () => {
    const cluster = await start();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tight', labels } });
    const inTight = (object: KubeObject) => ({ ...object, metadata: { ...(object.metadata as object), namespace: 'tight' } });
    await expect(cluster.create(inTight(pod('loose', {})))).rejects.toThrow(
      'pods "loose" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    );
    const securityContext = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    await cluster.create(inTight(pod('fine', {}, { containers: [{ name: 'a', image: 'x', securityContext }] })));
  });
});
