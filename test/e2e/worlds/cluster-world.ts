import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { load, loadAll } from 'js-yaml';
import { getMany } from './http.js';
import type { Counts, World } from './world.js';

const run = promisify(execFile);

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`test:cluster needs ${name}; see CONTRIBUTING.md, "Testing against a cluster"`);
  return value;
}

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The tomcat story in a namespace of its own on the cluster that KUBECONFIG names. */
export async function clusterWorld(): Promise<World> {
  const kubeconfig = needed('KUBECONFIG');
  const agentImage = needed('HEDDLE_E2E_AGENT_IMAGE');
  const echoImage = needed('HEDDLE_E2E_ECHO_IMAGE');
  const namespace = `heddle-e2e-${Math.random().toString(36).slice(2, 7)}`;
  const host = `${namespace}.mesh.example`;
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const extra: string[] = [];
  const fill = (text: string) =>
    text.replaceAll('{{NAMESPACE}}', namespace).replaceAll('{{ECHO_IMAGE}}', echoImage).replaceAll('{{HOST}}', host);
  const manifest = fill(await readFile(new URL('../manifests/tomcat.yaml', import.meta.url), 'utf8'));
  const cluster = await connectCluster({ kubeconfig });
  for (const object of loadAll(manifest) as KubeObject[]) await cluster.create(object);
  for (const name of ['tomcat', 'client']) await kubectl('-n', namespace, 'rollout', 'status', `deploy/${name}`, '--timeout=180s');

  const gatewayUrl = await ingressUrl();
  const inMesh = async (count: number, headers: Readonly<Record<string, string>> = {}): Promise<Counts> => {
    const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}:${value}`]);
    const out = await kubectl(
      '-n',
      namespace,
      'exec',
      'deploy/client',
      '-c',
      'client',
      '--',
      'echo-server',
      '-client',
      'http://tomcat:8080/',
      '-n',
      String(count),
      ...flags,
    );
    const counts: Record<string, number> = {};
    for (const line of out.trim().split('\n')) {
      const [, answer, times] = /^(.*) (\d+)$/.exec(line.trim()) ?? [];
      if (answer !== undefined) counts[answer.trim()] = Number(times);
    }
    return counts;
  };
  const viaGateway = (count: number, headers: Readonly<Record<string, string>> = {}) => getMany(gatewayUrl, count, { host, ...headers });
  await settled(() => viaGateway(20), { '200 tomcat7': 20 });
  await settled(() => inMesh(20), { '200 tomcat7': 20 });

  return {
    kind: 'cluster',
    namespace,
    host,
    cluster,
    env: { KUBECONFIG: kubeconfig, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') },
    meshFlags: ['--image', agentImage],
    agentImage,
    viaGateway,
    inMesh,
    restrictedNamespace: async () => {
      const name = `${namespace}-restricted-${extra.length}`;
      extra.push(name);
      const text = (await readFile(new URL('../manifests/restricted.yaml', import.meta.url), 'utf8')).replaceAll('{{RESTRICTED}}', name);
      for (const object of loadAll(fill(text)) as KubeObject[]) await cluster.create(object);
      await kubectl('-n', name, 'rollout', 'status', 'deploy/plain', '--timeout=180s');
      return name;
    },
    close: async () => {
      await Promise.all([namespace, ...extra].map((name) => kubectl('delete', 'namespace', name, '--wait=false')));
      await cluster.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** HEDDLE_E2E_GATEWAY_URL, or the ingress gateway's first address: load balancer, else node port. */
async function ingressUrl(): Promise<string> {
  const given = process.env.HEDDLE_E2E_GATEWAY_URL;
  if (given !== undefined) return given;
  const { items } = load(await kubectl('get', 'service', '-A', '-l', 'istio=ingressgateway', '-o', 'yaml')) as {
    items: {
      spec: { ports: { port: number; nodePort?: number }[] };
      status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
    }[];
  };
  const [service] = items;
  const ingress = service?.status.loadBalancer?.ingress?.[0];
  if (ingress !== undefined) return `http://${ingress.ip ?? ingress.hostname}/`;
  const nodePort = service?.spec.ports.find((port) => port.port === 80)?.nodePort;
  const address = await kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}');
  if (nodePort === undefined) throw new Error('no ingress gateway found: set HEDDLE_E2E_GATEWAY_URL');
  return `http://${address.trim()}:${nodePort}/`;
}

/** Configuration reaches proxies after a while: waits until the answers are as expected twice in a row. */
async function settled(ask: () => Promise<Counts>, expected: Counts): Promise<void> {
  let last: Counts = {};
  for (let good = 0, tries = 0; good < 2; tries += 1) {
    last = await ask().catch((error: unknown) => ({ [String(error)]: 1 }));
    good = JSON.stringify(last) === JSON.stringify(expected) ? good + 1 : 0;
    if (tries > 60) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(last)}`);
    if (good < 2) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
