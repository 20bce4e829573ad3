import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What client-node's login code writes its result into. */
export interface AuthOptions {
  headers: Record<string, string>;
  cert?: string | Buffer;
  key?: string | Buffer;
}

/** client-node's contract for one way to log in; `user` is its own form of a kubeconfig's user. */
export interface Authenticator {
  applyAuthentication(user: unknown, options: AuthOptions): Promise<void>;
}

export type AuthKind = 'exec' | 'azure' | 'gcp' | 'other';
export type LoadAuthenticator = (kind: AuthKind) => Promise<Authenticator>;

const MODULES = {
  exec: { file: 'exec_auth.js', name: 'ExecAuth' },
  azure: { file: 'azure_auth.js', name: 'AzureAuth' },
  gcp: { file: 'gcp_auth.js', name: 'GoogleCloudPlatformAuth' },
} as const;

/**
 * client-node's login code. Its package, and its config.js alone too, loads the whole generated API (some 380 ms where bare node takes
 * 25), so the parts of its KubeConfig that log in are taken one by one, by file. Where a part cannot be had alone (oidc needs the
 * rest; another version may be laid out differently), KubeConfig of the whole package does it.
 */
export const loadAuthenticator: LoadAuthenticator = async (kind) => {
  if (kind !== 'other') {
    const alone = await importAlone(MODULES[kind].file, MODULES[kind].name);
    if (alone !== undefined) return alone;
  }
  return wholeKubeConfig();
};

/** One class of client-node, from its own file; `undefined` when there is no such file or class. */
export async function importAlone(file: string, name: string): Promise<Authenticator | undefined> {
  try {
    // By path, so that no exports map stands in between.
    const entry = createRequire(import.meta.url).resolve('@kubernetes/client-node');
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(dirname(entry), file)).href);
    const make = module[name];
    if (typeof make !== 'function') return undefined;
    const made: unknown = Reflect.construct(make, []);
    return isAuthenticator(made) ? made : undefined;
  } catch {
    return undefined;
  }
}

export async function wholeKubeConfig(): Promise<Authenticator> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  return {
    async applyAuthentication(user, options) {
      // The cluster is never dialled: only what the user's entry adds to the options is wanted.
      config.loadFromOptions({
        clusters: [{ name: 'cluster', server: 'https://cluster', skipTLSVerify: false }],
        users: [user],
        contexts: [{ name: 'context', cluster: 'cluster', user: nameOf(user) }],
        currentContext: 'context',
      });
      await config.applyToHTTPSOptions(options);
    },
  };
}

function isAuthenticator(value: unknown): value is Authenticator {
  return typeof value === 'object' && value !== null && 'applyAuthentication' in value && typeof value.applyAuthentication === 'function';
}

function nameOf(user: unknown): string {
  return typeof user === 'object' && user !== null && 'name' in user && typeof user.name === 'string' ? user.name : '';
}
