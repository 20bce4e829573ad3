import { ClusterError, messageOf } from '@heddle/core';
import type { ResolvedContext } from '../kubeconfig/context.js';
import type { Authenticator, AuthKind, AuthOptions, LoadAuthenticator } from './authenticators.js';
import type { Credentials } from './credentials.js';
import { execForPlugin, spawnLogin } from './exec.js';

/** Logins that need a program or a protocol: exec plugins and auth providers, by client-node's code. */
export function pluginCredentials(context: ResolvedContext, load: LoadAuthenticator): { get(): Promise<Credentials>; forget(): void } {
  const { user } = context;
  const kind = kindOf(context);
  let login: Promise<{ readonly authenticator: Authenticator; readonly as: unknown }> | undefined;

  async function prepare() {
    const authenticator = await load(kind);
    // A field of ExecAuth, replaced so that a login program may ask the user and say what it is waiting for.
    if (user.exec !== undefined && 'execFn' in authenticator) authenticator.execFn = spawnLogin(user.exec.interactiveMode);
    // One copy for as long as the authenticator lives: those for oidc, azure and gcp keep their fresh tokens in it.
    const authProvider = user.exec !== undefined || user.authProvider === undefined ? null : structuredClone(user.authProvider);
    return { authenticator, as: { name: user.name, exec: await execForPlugin(context), authProvider } };
  }

  return {
    async get() {
      const options: AuthOptions = { headers: {} };
      try {
        login ??= prepare();
        const { authenticator, as } = await login;
        await authenticator.applyAuthentication(as, options);
      } catch (cause) {
        throw loginFailed(context, cause);
      }
      if (options.headers.Authorization === undefined && options.cert === undefined) throw loginFailed(context, 'it gave no credential');
      return {
        headers: options.headers,
        ...(options.cert === undefined ? {} : { cert: options.cert }),
        ...(options.key === undefined ? {} : { key: options.key }),
      };
    },
    forget() {
      login = undefined;
    },
  };
}

function kindOf({ user }: ResolvedContext): AuthKind {
  if (user.exec !== undefined) return 'exec';
  const name = user.authProvider?.name;
  return name === 'azure' || name === 'gcp' ? name : 'other';
}

function loginFailed(context: ResolvedContext, cause: unknown): ClusterError {
  const { exec, authProvider } = context.user;
  const who = exec === undefined ? `the auth provider "${authProvider?.name}"` : `the login program "${exec.command}"`;
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const words = missing ? 'it was not found' : wordsOf(cause);
  return new ClusterError({
    reason: 'Unauthorized',
    status: 0,
    message: `${who} of context "${context.name}" failed: ${words}`,
    next: missing
      ? [exec?.installHint ?? 'Install it, or correct its path in the kubeconfig.', 'Check that it is on the PATH.']
      : ['Log in again, then repeat the command.'],
    cause,
  });
}

function wordsOf(cause: unknown): string {
  const text = messageOf(cause);
  if (cause instanceof SyntaxError || cause instanceof TypeError) return 'it printed something that is no ExecCredential';
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-3).join(' ') || 'it said nothing';
}
