import { dump } from 'js-yaml';

export const CONTEXT = 'heddle-sandbox';

type Access = Record<'server' | 'cert' | 'token' | 'user' | 'namespace', string>;

/** A kubeconfig with one context and a bearer token. */
export function kubeconfigOf({ server, cert, token, ...context }: Access): string {
  const authority = Buffer.from(cert).toString('base64');
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: context.user, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, ...context } }],
    'current-context': CONTEXT,
  });
}
