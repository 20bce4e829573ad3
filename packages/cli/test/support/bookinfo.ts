import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { type KubeObject, TIMING } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { type Binding, bind } from '../../src/composition-root.js';
import { TOKENS } from '../../src/tokens.js';

const HOME = 'bookinfo';

export async function bookinfoSandbox(): Promise<Sandbox> {
  const scenario = scenarios.find(({ id }) => id === 'bookinfo');
  if (scenario === undefined) throw new Error('the adapter brings no bookinfo');
  return await createSandbox({ adapter, scenario, agents: [agent] });
}

export function bookinfoBindings(sandbox: Sandbox, user = 'alice'): readonly Binding[] {
  return [
    bind(TOKENS.listContexts, async () => [{ name: 'sandbox', cluster: 'sandbox', namespace: HOME, current: true }]),
    bind(TOKENS.connectCluster, async () => sandbox.cluster(user)),
    bind(TOKENS.timing, { ...TIMING, settleMs: 50, backOffFirstMs: 50, withdrawMs: 1_000 }),
  ];
}

/** The mesh's objects and heddle's records, each with its resourceVersion: equal when nothing has been written. */
export async function written(sandbox: Sandbox): Promise<readonly string[]> {
  const kinds = [
    ['coordination.k8s.io', 'Lease'],
    ['networking.istio.io', 'VirtualService'],
    ['networking.istio.io', 'DestinationRule'],
  ] as const;
  const cluster = sandbox.cluster('observer');
  const lists = await Promise.all(kinds.map(([group, kind]) => cluster.list({ group, kind, namespace: HOME })));
  return lists.flat().map(({ kind, metadata }: KubeObject) => {
    const { name, resourceVersion } = metadata as { readonly name: string; readonly resourceVersion: string };
    return `${String(kind)} ${name} ${resourceVersion}`;
  });
}

/** A routes file; `more` goes below its routes. */
export function routesText(routes: string, name = 'demo', more = ''): string {
  return `apiVersion: heddle.dev/v1\nkind: Routes\nmetadata: {name: ${name}}\nroutes:${routes.startsWith('-') ? '\n' : ''}${routes}${more}`;
}
