import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Entry, Kubeconfig } from './entries.js';

const NAME = 'in-cluster';

/** What a pod is given to reach its own cluster with, in the form of a kubeconfig; `undefined` outside of a pod. */
export async function inClusterConfig(place: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly serviceAccount?: string;
}): Promise<Kubeconfig | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = place.env;
  const directory = place.serviceAccount ?? '/var/run/secrets/kubernetes.io/serviceaccount';
  if (host === undefined || host === '' || port === undefined || port === '') return undefined;
  const token = await readFile(join(directory, 'token'), 'utf8').catch(() => undefined);
  if (token === undefined) return undefined;
  const namespace = await readFile(join(directory, 'namespace'), 'utf8').catch(() => '');
  const only = (body: Entry['body']): ReadonlyMap<string, Entry> => new Map([[NAME, { name: NAME, body, where: directory, directory }]]);
  return {
    files: [directory],
    currentContext: NAME,
    clusters: only({ server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`, 'certificate-authority': 'ca.crt' }),
    users: only({ tokenFile: 'token' }),
    contexts: only({ cluster: NAME, user: NAME, ...(namespace.trim() === '' ? {} : { namespace: namespace.trim() }) }),
  };
}
