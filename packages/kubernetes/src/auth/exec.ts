import { type ChildProcess, spawn } from 'node:child_process';
import type { ResolvedContext } from '../kubeconfig/context.js';
import type { ExecEntry } from '../kubeconfig/user.js';
import { readable } from './readable.js';

/** What client-node's ExecAuth reads of a user's `exec`. */
export interface PluginExec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** The exec entry with KUBERNETES_EXEC_INFO, which plugins go by and client-node does not set (client.authentication.k8s.io/v1). */
export async function execForPlugin(context: ResolvedContext): Promise<PluginExec | undefined> {
  const { exec } = context.user;
  if (exec === undefined) return undefined;
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: isInteractive(exec.interactiveMode), ...(exec.provideClusterInfo ? { cluster: await clusterInfo(context) } : {}) },
  };
  return { command: exec.command, args: exec.args, env: [...exec.env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

async function clusterInfo(context: ResolvedContext): Promise<Record<string, unknown>> {
  const { cluster } = context;
  const caData =
    cluster.caData ?? (cluster.caFile === undefined ? undefined : (await readable(cluster.caFile, 'the CA', context)).toString('base64'));
  return {
    server: cluster.server.href.replace(/\/$/, ''),
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.skipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(caData === undefined ? {} : { 'certificate-authority-data': caData }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}

function isInteractive(mode: ExecEntry['interactiveMode']): boolean {
  return mode === 'Always' || (mode === 'IfAvailable' && process.stdin.isTTY === true);
}

/** Starts a login program: with the terminal when it may ask, without a stdin to wait on when it may not. */
export function spawnLogin(mode: ExecEntry['interactiveMode']) {
  return (command: string, args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv }): ChildProcess => {
    const asks = isInteractive(mode);
    const child = spawn(command, args, { ...options, stdio: [asks ? 'inherit' : 'ignore', 'pipe', 'pipe'] });
    // Device codes and prompts come this way; without a terminal the text is in the error alone.
    if (asks && process.stderr.isTTY === true) child.stderr?.on('data', (text: string | Buffer) => process.stderr.write(text));
    return child;
  };
}
