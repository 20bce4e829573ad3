import { homedir } from 'node:os';
import { type Cluster, ClusterError } from '@heddle/core';
import type { LoadAuthenticator } from './auth/authenticators.js';
import { createCredentialSource } from './auth/credential-source.js';
import { readable } from './auth/readable.js';
import { createCluster } from './cluster.js';
import { type ResolvedContext, resolveContext } from './kubeconfig/context.js';
import { type KubeconfigPlace, loadKubeconfig } from './kubeconfig/load.js';
import { createAgents } from './transport/agents.js';
import type { TlsSettings } from './transport/exchange.js';
import { proxyFor } from './transport/proxy.js';
import { TIMING, type Timing } from './transport/timing.js';
import { createTransport } from './transport/transport.js';
import { userAgent } from './user-agent.js';

export interface ConnectOptions {
  /** A kubeconfig file; without it KUBECONFIG, `~/.kube/config` or the pod's service account. */
  readonly kubeconfig?: string;
  /** A context's name; without it the current one. */
  readonly context?: string;
  /** Aborting it is as good as `close()`. */
  readonly signal?: AbortSignal;
}

/** What a process has and tests replace. */
export interface Surroundings {
  readonly env: KubeconfigPlace['env'];
  readonly home: string;
  readonly timing?: Partial<Timing>;
  readonly serviceAccount?: string;
  readonly loadAuthenticator?: LoadAuthenticator;
}

/**
 * The cluster of a kubeconfig's context. Reads files, makes no request: the first method call does.
 * Throws `UserError`: `kubeconfig-not-found`, `kubeconfig-unreadable`, `kubeconfig-invalid`, `context-not-set`, `context-not-found`.
 */
export function connectCluster(options: ConnectOptions = {}): Promise<Cluster> {
  return connectIn({ env: process.env, home: homedir() }, options);
}

export async function connectIn(surroundings: Surroundings, options: ConnectOptions = {}): Promise<Cluster> {
  const { env, home, serviceAccount } = surroundings;
  const config = await loadKubeconfig({
    ...(options.kubeconfig === undefined ? {} : { explicit: options.kubeconfig }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    env,
    home,
  });
  const context = resolveContext(config, options.context);
  const { cluster } = context;
  const timing = { ...TIMING, ...surroundings.timing };
  const proxy = proxyFor(cluster, env);
  const closing = new AbortController();
  const place = {
    context: context.name,
    server: cluster.server.href.replace(/\/$/, ''),
    ...(proxy === undefined ? {} : { proxy: `${proxy.protocol}//${proxy.host}` }),
  };
  const stop = () => {
    if (!closing.signal.aborted) closing.abort(closedError(place));
  };
  const transport = createTransport({
    place,
    server: cluster.server,
    tls: tlsSettings(context),
    credentials: createCredentialSource(context, surroundings.loadAuthenticator),
    agents: createAgents({ secure: cluster.server.protocol === 'https:', proxy, timing }),
    timing,
    userAgent: userAgent(),
    closed: closing.signal,
  });
  const connected = createCluster(context.name, transport, stop);
  const { signal } = options;
  if (signal?.aborted) await connected.close();
  else signal?.addEventListener('abort', () => void connected.close(), { once: true });
  return connected;
}

/** The server's side of TLS: whom to trust, and under which name. Read once, at the first request. */
function tlsSettings(context: ResolvedContext): () => Promise<TlsSettings> {
  const { caData, caFile, skipTlsVerify, tlsServerName } = context.cluster;
  let settings: Promise<TlsSettings> | undefined;
  const read = async () => {
    const ca =
      caData !== undefined ? Buffer.from(caData, 'base64') : caFile === undefined ? undefined : await readable(caFile, 'the CA', context);
    return {
      ...(ca === undefined ? {} : { ca }),
      ...(skipTlsVerify ? { rejectUnauthorized: false } : {}),
      ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    };
  };
  return () => {
    settings ??= read();
    return settings;
  };
}

function closedError(place: { readonly context: string }): ClusterError {
  return new ClusterError({
    reason: 'Closed',
    status: 0,
    message: `the connection to the cluster of context "${place.context}" was closed`,
  });
}
