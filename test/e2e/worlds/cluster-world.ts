import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { load, loadAll } from 'js-yaml';
import { callFromPod, kubectl, needed, settled } from './cluster-tools.js';
import { getMany } from './http.js';
import type { Headers, World } from './world.js';

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
  const inMesh = (count: number, headers: Headers = {}) =>
    callFromPod({ namespace, deployment: 'client', url: 'http://tomcat:8080/' }, count, headers);
  const viaGateway = (count: number, headers: Headers = {}) => getMany(gatewayUrl, count, { host, ...headers });
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
export async function ingressUrl(): Promise<string> {
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
