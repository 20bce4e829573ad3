import { isIPv6 } from 'node:net';
import { BugError } from '@heddle/core';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What sshd must do in one session; the rest is fixed in the image (`agent/sshd_config`). */
export interface SessionConfig {
  /** Where sshd itself listens. */
  readonly port: number;
  readonly permitListen: readonly number[];
  readonly permitOpen: readonly HostPort[];
}

/** As a piece of sshd_config (sshd_config(5), OpenSSH 9.2). Throws `BugError` for what sshd would read as something else. */
export function formatSessionConfig(config: SessionConfig): string {
  const listen = config.permitListen.map((port) => `*:${checkedPort(port)}`);
  const open = config.permitOpen.map(({ host, port }) => `${formatHost(host)}:${checkedPort(port)}`);
  return [`Port ${checkedPort(config.port)}`, `PermitListen ${orNone(listen)}`, `PermitOpen ${orNone(open)}`, ''].join('\n');
}

/** Reads what `formatSessionConfig` wrote; used by the in-process agent. Throws `BugError` for anything else. */
export function parseSessionConfig(text: string): SessionConfig {
  const values = new Map<string, readonly string[]>();
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const [keyword = '', ...rest] = line.split(' ');
    if (!['Port', 'PermitListen', 'PermitOpen'].includes(keyword)) throw new BugError(`session.conf: unknown keyword ${keyword}`);
    if (!values.has(keyword)) values.set(keyword, rest[0] === 'none' ? [] : rest);
  }
  return {
    port: checkedPort(Number(values.get('Port')?.[0])),
    permitListen: (values.get('PermitListen') ?? []).map((entry) => parseHostPort(entry).port),
    permitOpen: (values.get('PermitOpen') ?? []).map(parseHostPort),
  };
}

function orNone(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(' ');
}

// The names that DNS and Kubernetes allow, and addresses. A `*` or a space would permit more than was asked for.
function formatHost(host: string): string {
  if (/^[0-9a-zA-Z]([0-9a-zA-Z.-]*[0-9a-zA-Z])?$/.test(host)) return host;
  if (isIPv6(host) && !host.includes('%')) return `[${host}]`;
  throw new BugError(`permitOpen: expected a host name or an address, received ${JSON.stringify(host)}`);
}

function parseHostPort(entry: string): HostPort {
  const colon = entry.lastIndexOf(':');
  return { host: entry.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: checkedPort(Number(entry.slice(colon + 1))) };
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new BugError(`session.conf: expected a port, received ${port}`);
}
