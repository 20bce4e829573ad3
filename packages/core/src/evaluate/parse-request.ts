import { inputError } from '../errors/user-error.js';
import type { Request } from '../model/match.js';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const URL_PARTS = /^(https?):\/\/([^/?#]*)([^#]*)(?:#.*)?$/i;

/**
 * Reads a request as a client writes it. The URL is taken literally: nothing is decoded, resolved or sorted, the fragment is
 * dropped, a default port is left out of the Host header as HTTP clients do. A Host header replaces the URL's authority, but
 * not the address that is dialled.
 * Throws a usage error `bad-request` naming the place.
 */
export function parseRequest(input: {
  url: string;
  method?: string;
  headers?: readonly (readonly [name: string, value: string])[];
}): Request {
  const parts = URL_PARTS.exec(input.url);
  if (parts === null) throw bad('url', 'http://host[:port]/path or https://…', input.url);
  const [, scheme = 'http', rawAuthority = '', rawPath = ''] = parts;
  const lower = scheme.toLowerCase() === 'https' ? 'https' : 'http';
  const written = rawAuthority.slice(rawAuthority.lastIndexOf('@') + 1);
  const { host, port } = splitAuthority(written, lower === 'https' ? 443 : 80);
  if (host === '' || /[\s"<>\\^`{|}]/.test(host)) throw bad('url', 'a host name', input.url);
  if (port === undefined) throw bad('url', 'a port from 1 to 65535', input.url);
  const method = input.method ?? 'GET';
  if (!TOKEN.test(method)) throw bad('method', 'an HTTP method', method);
  const headers: (readonly [string, string])[] = [];
  let authority = port === (lower === 'https' ? 443 : 80) ? host : `${host}:${port}`;
  for (const [name, value] of input.headers ?? []) {
    if (!TOKEN.test(name)) throw bad('header', 'a header name', name);
    const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, '');
    if (/[\r\n\0]/.test(trimmed)) throw bad(`header ${name}`, 'a value on one line', value);
    if (name.toLowerCase() === 'host') authority = trimmed;
    else headers.push([name, trimmed]);
  }
  const path = rawPath.startsWith('/') ? rawPath : `/${rawPath}`;
  return { method, scheme: lower, host, port, authority, path, headers };
}

/** Host and port of `host`, `host:port`, `[v6]:port`; no port when what stands there is none. */
function splitAuthority(authority: string, fallback: number): { host: string; port: number | undefined } {
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority);
  if (parts === null) return { host: authority, port: undefined };
  const [, host = '', digits] = parts;
  if (digits === undefined || digits === '') return { host, port: fallback };
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  return { host, port: port >= 1 && port <= 65535 ? port : undefined };
}

function bad(path: string, expected: string, received: string) {
  return inputError('bad-request', { path, expected, received: JSON.stringify(received) });
}
