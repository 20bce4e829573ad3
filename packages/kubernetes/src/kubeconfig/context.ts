import { UserError } from '@heddle/core';
import { type Entry, flagOf, invalid, type Kubeconfig, textOf } from './entries.js';
import { pathOf, readUser, type UserEntry } from './user.js';

export interface ClusterEntry {
  readonly name: string;
  readonly server: URL;
  /** Base64 PEM; counts more than the file. */
  readonly caData?: string;
  readonly caFile?: string;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** `extensions` named client.authentication.k8s.io/exec, for exec plugins. */
  readonly execConfig?: unknown;
}

/** A context with all that it points at. */
export interface ResolvedContext {
  readonly name: string;
  readonly namespace?: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

/** Throws `UserError` `context-not-found`, `context-not-set` or `kubeconfig-invalid`. */
export function resolveContext(config: Kubeconfig, wanted?: string): ResolvedContext {
  const name = wanted ?? config.currentContext;
  const known = [...config.contexts.keys()];
  if (name === undefined) {
    throw new UserError({
      code: 'context-not-set',
      exit: 'usage',
      message: `${config.files.join(', ')} sets no current context`,
      next: [chooseContext(known)],
    });
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new UserError({
      code: 'context-not-found',
      exit: 'usage',
      message: `there is no context "${name}" in ${config.files.join(', ')}`,
      next: [chooseContext(known)],
    });
  }
  const namespace = textOf(context, 'namespace');
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    cluster: readCluster(pointedAt(context, 'cluster', config.clusters)),
    user: textOf(context, 'user') === undefined ? { name: '' } : readUser(pointedAt(context, 'user', config.users)),
  };
}

function chooseContext(known: readonly string[]): string {
  return known.length > 0
    ? `Choose one with --context: ${known.join(', ')}`
    : 'Name another kubeconfig with --kubeconfig or KUBECONFIG: there is no context in it.';
}

function pointedAt(context: Entry, key: string, entries: ReadonlyMap<string, Entry>): Entry {
  const name = textOf(context, key);
  const entry = name === undefined ? undefined : entries.get(name);
  if (entry !== undefined) return entry;
  if (name === undefined) throw invalid(context.where, key, `the name of a ${key}`, undefined);
  throw new UserError({
    code: 'kubeconfig-invalid',
    exit: 'usage',
    message: `${context.where}.${key}: the context "${context.name}" names the ${key} "${name}", which is not in the kubeconfig`,
    next: [`Add the ${key} to the kubeconfig, or correct the name.`, 'Choose another context with --context.'],
  });
}

function readCluster(entry: Entry): ClusterEntry {
  const server = textOf(entry, 'server');
  if (server === undefined) throw invalid(entry.where, 'server', "the API server's URL", undefined);
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UserError({
      code: 'kubeconfig-invalid',
      exit: 'usage',
      message: `${entry.where}.server: expected an http or https URL, received "${server}"`,
      next: ['Correct it in the kubeconfig.', 'Choose another context with --context.'],
    });
  }
  const optional = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value });
  const exec = execConfigOf(entry.body.extensions);
  return {
    name: entry.name,
    server: url,
    ...optional('caData', textOf(entry, 'certificate-authority-data')),
    ...optional('caFile', pathOf(entry, 'certificate-authority')),
    skipTlsVerify: flagOf(entry, 'insecure-skip-tls-verify'),
    ...optional('tlsServerName', textOf(entry, 'tls-server-name')),
    ...optional('proxyUrl', textOf(entry, 'proxy-url')),
    ...(exec === undefined ? {} : { execConfig: exec }),
  };
}

function execConfigOf(extensions: unknown): unknown {
  if (!Array.isArray(extensions)) return undefined;
  return extensions.find((item) => item?.name === 'client.authentication.k8s.io/exec')?.extension;
}
