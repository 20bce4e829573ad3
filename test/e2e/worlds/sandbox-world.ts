import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import type { KubeObject } from '@heddle/core';
import { createSandbox } from '@heddle/sandbox';
import { agent as directAgent } from '@heddle/tunnel-direct/in-process';
import { agent as sshAgent } from '@heddle/tunnel-ssh/in-process';
import { loadAll } from 'js-yaml';
import { getMany } from './http.js';
import type { World } from './world.js';

/** The scenario `tomcat` in a sandbox of this process; `heddle` reaches it over HTTPS as it reaches any cluster. */
export async function sandboxWorld(): Promise<World> {
  const scenario = scenarios.find(({ id }) => id === 'tomcat');
  if (scenario === undefined) throw new Error('the adapter has no scenario tomcat');
  const plain = { labels: { run: 'plain' }, body: 'plain\n' };
  const sandbox = await createSandbox({
    adapter,
    scenario: { ...scenario, responders: [plain, ...scenario.responders] },
    agents: [sshAgent, directAgent],
  });
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const cluster = sandbox.cluster('suite');
  const namespace = 'mesh-demo';
  let restricted = 0;
  return {
    kind: 'sandbox',
    namespace,
    host: 'tomcat.mesh.com',
    cluster,
    env: { KUBECONFIG: kubeconfig, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') },
    meshFlags: [],
    agentImage: 'heddle-agent',
    viaGateway: (count, headers = {}) => getMany(sandbox.gatewayUrl, count, { host: 'tomcat.mesh.com', ...headers }),
    inMesh: (count, headers = {}) => getMany(sandbox.clientUrl, count, { host: 'tomcat:8080', ...headers }),
    restrictedNamespace: async () => {
      restricted += 1;
      const name = `restricted-${restricted}`;
      const text = (await readFile(new URL('../manifests/restricted.yaml', import.meta.url), 'utf8'))
        .replaceAll('{{RESTRICTED}}', name)
        .replaceAll('{{ECHO_IMAGE}}', 'plain');
      // The sandbox runs no Deployment controller: the pod that one would make stands for it.
      for (const object of loadAll(text) as KubeObject[]) {
        if (object.kind !== 'Deployment') await cluster.create(object);
        else await cluster.create(podOf(object, name));
      }
      return name;
    },
    close: async () => {
      await cluster.close();
      await sandbox.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function podOf(deployment: KubeObject, namespace: string): KubeObject {
  const { template } = deployment.spec as { template: { metadata: { labels: object }; spec: object } };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'plain-0', namespace, labels: template.metadata.labels }, spec: template.spec };
}
