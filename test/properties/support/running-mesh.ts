import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type KubeObject, type MeshAdapter, type MeshContext, metaOf, type Scenario } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { echoPods } from './echo-pods.js';

/** A sandbox, and what explains it. */
export interface Running {
  readonly sandbox: Sandbox;
  readonly context: MeshContext;
  readonly client: Scenario['client'];
}

export async function start(adapter: MeshAdapter, scenario: Scenario): Promise<Running> {
  let clock = Date.UTC(2026, 0, 1);
  // Each object is a second younger than the one before it.
  const sandbox = await createSandbox({ adapter, scenario, agents: [echoPods], now: () => (clock += 1000) });
  const cluster = sandbox.cluster('reader');
  const env = adapter.detect(await cluster.discover(adapter.facts))?.environment;
  if (env === undefined) throw new Error(`${adapter.id} does not find its mesh`);
  return { sandbox, context: { cluster, adapter, env }, client: scenario.client };
}

/** Puts the objects in, runs, and takes them out again. */
export async function holding({ sandbox: { store } }: Running, objects: readonly KubeObject[], run: () => Promise<void>): Promise<void> {
  const made = objects.map((object) => {
    const kind = store.kinds.of(object);
    if (kind === undefined) throw new Error(`no kind ${String(object.kind)}`);
    return { kind, ref: metaOf(store.create(kind, object)) };
  });
  const pods = made.filter(({ kind }) => kind.kind === 'Pod');
  const isReady = (pod: KubeObject | undefined) => JSON.stringify(pod?.status ?? '').includes('"type":"Ready","status":"True"');
  try {
    for (const { kind, ref } of pods) while (!isReady(store.find(kind, ref))) await sleep(1);
    await run();
  } finally {
    for (const { kind, ref } of made.toReversed()) store.delete(kind, ref, { now: true });
  }
}

export async function callerOf({ context: { cluster, adapter }, client }: Running): Promise<Client> {
  const selector = Object.entries(client?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const [pod] = await cluster.list({ group: '', kind: 'Pod', namespace: client?.namespace ?? '', labelSelector: selector.join(',') });
  const { namespace = '', labels } = metaOf(pod);
  return adapter.inMesh(pod) ? { kind: 'sidecar', namespace, labels } : { kind: 'none' };
}
