import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { load } from 'js-yaml';

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/** What `kubectl logs` would print: a pod of the sandbox writes a line for each request that it gets. */
export async function podLog(kubeconfig: string, namespace: string, name: string): Promise<readonly string[]> {
  const { clusters, users } = load(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const options = { ca: Buffer.from(authority, 'base64'), headers: { authorization: `Bearer ${users[0].user.token}` } };
  const body = await new Promise<string>((resolve, reject) => {
    const sent = request(`${server}/api/v1/namespaces/${namespace}/pods/${name}/log`, options, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on('error', reject).end();
  });
  return body.split('\n').filter((line) => line !== '');
}
