import { type Client, type Cluster, clusterReason, metaOf, parseRequest, type TestClient, type TestRequest } from '@heddle/core';
import type { PreparedAnswer, PreparedCase } from './prepare-case.js';

/** What may be behind a failure and is easily overlooked: names that nothing in the world has, and what is wrong with the objects. */
export async function hintsFor(
  cluster: Pick<Cluster, 'list'>,
  request: TestRequest,
  { answer, problems }: PreparedAnswer,
  client: TestClient,
  { caller, labelsTell }: Pick<PreparedCase, 'caller' | 'labelsTell'>,
): Promise<readonly string[]> {
  const services = await cluster.list({ group: '', kind: 'Service' }).catch(withoutRights);
  const { authority, host } = parseRequest(request);
  const hints: string[] = [];
  const names = new Set(services?.map(metaOf).map(({ namespace, name }) => `${namespace}/${name}`));
  const namespaces = new Set(services?.map((service) => metaOf(service).namespace));
  const isMissing = (service: string | undefined): service is string =>
    services !== undefined && service !== undefined && !names.has(service);
  const dialled = serviceNamed(host, caller, namespaces);
  if (isMissing(dialled) && caller.kind === 'sidecar') hints.push(`There is no Service ${dialled} among the objects.`);
  if (authority !== host && !authority.startsWith(`${host}:`))
    hints.push(`The Host header says ${authority}; the address dialled is that of ${host}.`);
  for (const { host: to, reason } of answer.outcomes) {
    const service = serviceNamed(to, caller, namespaces);
    if (reason === 'UH') hints.push(`No ready Pod answers for ${to}: neither a Pod nor a workload among the objects fits.`);
    if (reason === 'NC' && isMissing(service)) {
      hints.push(`There is no Service ${service} among the objects.`);
    }
  }
  if (labelsTell && client.kind === 'sidecar' && caller.kind === 'sidecar' && client.labels !== undefined) {
    const pods = await cluster.list({ group: '', kind: 'Pod', namespace: caller.namespace, labelSelector: selectorOf(client.labels) });
    if (pods.length === 0)
      hints.push(`No Pod in ${caller.namespace} carries the client's labels, so the mesh is taken to know no others of it.`);
  }
  return [...new Set([...hints, ...problems.map(({ message }) => message)])];
}

function withoutRights(error: unknown): undefined {
  if (clusterReason(error) !== 'Forbidden') throw error;
}

/** `namespace/name` of what looks like a Service's name, short or whole; `shop.example` does only where there is such a namespace. */
function serviceNamed(host: string, caller: Client, namespaces: ReadonlySet<string | undefined>): string | undefined {
  const parts = host.toLowerCase().split('.');
  const [name = '', namespace, svc] = parts;
  if (/^[\d.]+$/.test(host) || host.includes(':') || name === '*') return undefined;
  if (parts.length === 1) return caller.kind === 'none' ? undefined : `${caller.namespace}/${name}`;
  return svc === 'svc' || (parts.length === 2 && namespaces.has(namespace)) ? `${namespace}/${name}` : undefined;
}

const selectorOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
