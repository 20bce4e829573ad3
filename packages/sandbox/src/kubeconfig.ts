import { dump } from 'js-yaml';

export const CONTEXT = 'heddle-sandbox';

/** A kubeconfig with one context and a bearer token. */
export function kubeconfigOf({ server, cert, token, user }: Record<'server' | 'cert' | 'token' | 'user', string>): string {
  const authority = Buffer.from(cert).toString('base64');
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
    'current-context': CONTEXT,
  });
}
