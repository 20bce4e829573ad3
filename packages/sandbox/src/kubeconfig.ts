import { dump } from 'js-yaml';

export const SANDBOX = 'heddle-sandbox';

type Access = Record<'name' | 'server' | 'cert' | 'token' | 'user' | 'namespace', string>;

/** A kubeconfig with one context and a bearer token. */
export function kubeconfigOf({ name, server, cert, token, ...context }: Access): string {
  const authority = Buffer.from(cert).toString('base64');
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: `${context.user}@${name}`, user: { token } }],
    contexts: [{ name, context: { cluster: name, namespace: context.namespace, user: `${context.user}@${name}` } }],
    'current-context': name,
  });
}
