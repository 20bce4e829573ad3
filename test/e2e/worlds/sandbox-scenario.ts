import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metaOf } from '@heddle/core';
import { createSandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { getMany } from './http.js';
import type { Place } from './place.js';
import type { Staged } from './scenarios.js';

/** Drawn alike in each run: a count that is once within its bounds stays there. */
const SEED = 1;

export async function sandboxScenario({ adapter, scenario, client, counting }: Staged, home: string): Promise<Place> {
  const sandbox = await createSandbox({ adapter, scenario, agents: [agent], seed: SEED });
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const cluster = sandbox.cluster('suite');
  const { namespace } = client;
  const host = scenario.gateway?.host ?? '';
  return {
    namespace,
    host,
    cluster,
    kubeconfig,
    meshFlags: [],
    call: (count, headers = {}, url = `http://${client.host}:${client.port}/`) => {
      const { host: authority, pathname, search } = new URL(url);
      return getMany(new URL(pathname + search, sandbox.clientUrl).href, count, { host: authority, ...headers });
    },
    viaGateway: (count, path, headers = {}) => getMany(new URL(path, sandbox.gatewayUrl).href, count, { host, ...headers }),
    received: async () => {
      const pods = (await cluster.list({ group: '', kind: 'Pod', namespace }))
        .map(metaOf)
        .filter(({ name }) => name.startsWith(`${counting}-`));
      return pods.flatMap(({ name }) => sandbox.log({ namespace, name }));
    },
    isOwn: () => true,
    close: async () => {
      await cluster.close();
      await sandbox.stop();
    },
  };
}
