import { isIP, isIPv4 } from 'node:net';
import { UserError } from '@heddle/core';
import type { ClusterEntry } from '../kubeconfig/context.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy to the API server: the cluster's `proxy-url`, else what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, read as kubectl
 * reads them (golang.org/x/net/http/httpproxy). Throws `UserError` `kubeconfig-invalid` for a proxy that cannot be used.
 */
export function proxyFor(cluster: Pick<ClusterEntry, 'name' | 'server' | 'proxyUrl'>, env: Env): URL | undefined {
  const { server } = cluster;
  const chosen = cluster.proxyUrl ?? fromEnvironment(server, env);
  if (chosen === undefined || chosen === '') return undefined;
  const text = chosen.includes('://') ? chosen : `http://${chosen}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^(https?|socks[45]?[ah]?):$/.test(url.protocol) && url.hostname !== '') return url;
  throw new UserError({
    code: 'kubeconfig-invalid',
    exit: 'usage',
    message: `the proxy of cluster "${cluster.name}" is "${chosen}"; expected http://, https:// or socks5:// and a host`,
    next: ['Correct proxy-url in the kubeconfig, or HTTPS_PROXY and HTTP_PROXY.'],
  });
}

function fromEnvironment(server: URL, env: Env): string | undefined {
  const read = (name: string) => env[name] || env[name.toLowerCase()];
  const proxy = server.protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY');
  if (proxy === undefined || proxy === '' || bypasses(server, read('NO_PROXY') ?? '')) return undefined;
  return proxy;
}

function bypasses(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))) return true;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return list
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .some((item) => item !== '' && (item === '*' || entryMatches(item, host, port)));
}

function entryMatches(item: string, host: string, port: string): boolean {
  if (item.includes('/')) return inRange(host, item);
  const [, name = item, wanted] = /^(.*?)(?::(\d+))?$/.exec(isIP(item) === 6 ? `[${item}]` : item) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
  return host === bare || host.endsWith(bare.startsWith('.') ? bare : `.${bare}`);
}

function inRange(host: string, range: string): boolean {
  const [base = '', bits = ''] = range.split('/');
  if (!isIPv4(host) || !isIPv4(base)) return false;
  const shift = 32 - Number(bits);
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return Math.floor(number(host) / 2 ** shift) === Math.floor(number(base) / 2 ** shift);
}
