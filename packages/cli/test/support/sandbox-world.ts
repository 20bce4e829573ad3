import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { type KubeObject, type Scenario, TIMING } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { type Binding, bind } from '../../src/composition-root.js';
import type { EndSignal, ProcessControl } from '../../src/services/signals.js';
import { TOKENS } from '../../src/tokens.js';

export const NAMESPACE = 'mesh-demo';

/** The tomcat scenario in this process, reached without HTTP. */
export async function tomcatSandbox(change: (scenario: Scenario) => Scenario = (scenario) => scenario): Promise<Sandbox> {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('the adapter brings no scenario');
  return await createSandbox({ adapter, scenario: change(scenario), agents: [agent] });
}

/** Puts the sandbox in the place of the cluster; sessions wait less than on a real one. */
export function sandboxBindings(sandbox: Sandbox, user = 'alice'): readonly Binding[] {
  return [
    bind(TOKENS.listContexts, async () => [{ name: 'sandbox', cluster: 'sandbox', namespace: NAMESPACE, current: true }]),
    bind(TOKENS.connectCluster, async () => sandbox.cluster(user)),
    bind(TOKENS.timing, { ...TIMING, settleMs: 50, proofRetryMs: 50, backOffFirstMs: 50, withdrawMs: 1_000 }),
  ];
}

export interface FakeControl extends ProcessControl {
  send(signal: EndSignal): void;
  crash(error: unknown): void;
  readonly exits: readonly number[];
}

/** Signals without a process to send them to. */
export function fakeControl(): FakeControl {
  const listeners = new Set<(signal: EndSignal) => void>();
  const crashListeners = new Set<(error: unknown) => void>();
  const exits: number[] = [];
  return {
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onCrash: (listener) => {
      crashListeners.add(listener);
      return () => crashListeners.delete(listener);
    },
    crash: (error) => {
      for (const listener of crashListeners) listener(error);
    },
    exit: (code) => {
      exits.push(code);
    },
    send: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    exits,
  };
}

/** What heddle has in the namespace, and the user's objects apart from what the server counts. */
export async function state(sandbox: Sandbox): Promise<{ ours: readonly string[]; users: readonly KubeObject[] }> {
  const cluster = sandbox.cluster('observer');
  const list = (group: string, kind: string) => cluster.list({ group, kind, namespace: NAMESPACE });
  const kinds = [
    ['', 'Pod'],
    ['', 'Service'],
    ['', 'Secret'],
    ['coordination.k8s.io', 'Lease'],
    ['networking.istio.io', 'VirtualService'],
    ['networking.istio.io', 'DestinationRule'],
  ] as const;
  const objects = (await Promise.all(kinds.map(([group, kind]) => list(group, kind)))).flat();
  const plain = objects.map(({ metadata, status: _, ...rest }) => {
    const { resourceVersion: _r, generation: _g, managedFields: _m, ...meta } = metadata as Record<string, unknown>;
    return { ...rest, metadata: meta };
  });
  const name = (object: KubeObject) => (object.metadata as { name: string }).name;
  return {
    ours: plain.filter((object) => name(object).startsWith('heddle-')).map(name),
    users: plain.filter((object) => !name(object).startsWith('heddle-')),
  };
}
