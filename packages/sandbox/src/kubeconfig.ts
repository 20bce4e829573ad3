import { dump } from 'js-yaml';

export const CONTEXT = 'heddle-sandbox';

/** A kubeconfig with one context and a bearer token. */
export function kubeconfigOf(options: { server: string; cert: string; token: string; user: string; namespace?: string }): string {
  const { server, cert, token, user, namespace } = options;
  const authority = Buffer.from(cert).toString('base64');
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user, ...(namespace === undefined ? {} : { namespace }) } }],
    'current-context': CONTEXT,
  });
}
