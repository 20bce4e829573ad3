import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { messageOf } from '@heddle/core';

/** Thrown for a connection that was not there in time; `failures.ts` finds the words. */
export class ConnectTimeout extends Error {
  readonly code = 'ECONNECTTIMEOUT';
}

/** Thrown for a proxy that answered, and not with a tunnel. */
class ProxyRefusal extends Error {
  readonly code = 'EPROXY';
}

export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** For the TLS to an https proxy: kubectl too takes the cluster's settings for it. */
  readonly tls: { readonly ca?: Buffer; readonly rejectUnauthorized?: boolean };
}

/**
 * A raw connection to `host:port` through a proxy: CONNECT for http and https proxies, else SOCKS, where the proxy resolves the name
 * (as kubectl does). Gives up after `ms`.
 */
export async function dialThroughProxy(proxy: URL, target: DialTarget, ms: number): Promise<Socket> {
  return proxy.protocol.startsWith('socks') ? dialSocks(proxy, target, ms) : dialConnect(proxy, target, ms);
}

function dialConnect(proxy: URL, { host, port, tls }: DialTarget, ms: number): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const secure = proxy.protocol === 'https:';
  const credentials = credentialsOf(proxy);
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({
      ...(secure ? tls : {}),
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (secure ? 443 : 80) : Number(proxy.port),
      path: target,
      headers: {
        Host: target,
        ...(credentials === undefined
          ? {}
          : { 'Proxy-Authorization': `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}` }),
      },
      agent: false,
    });
    const timer = setTimeout(() => request.destroy(new ConnectTimeout()), ms);
    request.once('close', () => clearTimeout(timer));
    request.once('connect', (response, socket, head) => {
      if (response.statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new ProxyRefusal(`the proxy ${proxy.host} answered ${response.statusCode} ${response.statusMessage ?? ''}`.trim()));
    });
    request.once('error', (cause) => reject(unlessLate(cause, proxy)));
    request.end();
  });
}

async function dialSocks(proxy: URL, { host, port }: DialTarget, ms: number): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const credentials = credentialsOf(proxy);
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host: proxy.hostname.replace(/^\[|\]$/g, ''),
        port: proxy.port === '' ? 1080 : Number(proxy.port),
        type: proxy.protocol.startsWith('socks4') ? 4 : 5,
        ...(credentials === undefined ? {} : { userId: credentials.user, password: credentials.password }),
      },
      command: 'connect',
      destination: { host, port },
      timeout: ms,
    });
    return socket;
  } catch (cause) {
    const words = messageOf(cause);
    if (/timed out/.test(words)) throw new ConnectTimeout();
    throw unlessLate(cause, proxy);
  }
}

function unlessLate(cause: unknown, proxy: URL): Error {
  if (cause instanceof ConnectTimeout) return cause;
  const words = cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
  return new ProxyRefusal(`the proxy ${proxy.host} gives no connection: ${words}`, { cause });
}

function credentialsOf(proxy: URL): { readonly user: string; readonly password: string } | undefined {
  if (proxy.username === '') return undefined;
  return { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
}
