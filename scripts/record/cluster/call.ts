import { parseRequest } from '@heddle/core';
import type { CaseRequest } from '../routing-case.ts';
import { CLIENT_PROGRAM } from './client-program.ts';
import { mustKubectl } from './kubectl.ts';

/** What came back on one connection. */
export interface Reply {
  /** Absent: the connection was closed without an answer, or refused. */
  readonly status?: number;
  readonly location?: string;
  readonly body: string;
  /** What the backend says of itself and of the request that it got. */
  readonly seen?: { readonly pod: string; readonly path: string; readonly authority: string };
}

export interface Call {
  readonly request: CaseRequest;
  /** The address that the client would have resolved. */
  readonly address: string;
  readonly count: number;
}

/** Sends calls from a Pod, through its sidecar; the replies stand at the calls' places. */
export async function callFrom(
  pod: { readonly namespace: string; readonly name: string },
  calls: readonly Call[],
): Promise<readonly (readonly Reply[])[]> {
  const lines = calls.map(({ request, address, count }, index) => {
    const { port } = parseRequest(request);
    return `${index} ${address} ${port} ${count} ${Buffer.from(bytesOf(request)).toString('hex')}\n`;
  });
  const out = await mustKubectl(
    ['-n', pod.namespace, 'exec', '-i', pod.name, '-c', 'client', '--', 'perl', '-e', CLIENT_PROGRAM],
    lines.join(''),
  );
  const replies: Reply[][] = calls.map(() => []);
  for (const line of out.split('\n')) {
    const [id = '', encoded = ''] = line.split(' ');
    if (id !== '') replies[Number(id)]?.push(replyOf(encoded === '-' ? '' : Buffer.from(encoded, 'hex').toString('latin1')));
  }
  return replies;
}

/** The request as HTTP/1.1 on a connection of its own. */
function bytesOf({ method, url, headers }: CaseRequest): string {
  const { authority } = parseRequest({ url });
  const path = url.replace(/^http:\/\/[^/?]*/, '');
  const host = headers.some(([name]) => name.toLowerCase() === 'host') ? [] : [['Host', authority] as const];
  const length = method === 'GET' ? [] : [['Content-Length', '0'] as const];
  const lines = [...host, ...headers, ...length, ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path.startsWith('/') ? path : `/${path}`} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

export function replyOf(text: string): Reply {
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end < 0 ? text.length : end);
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
  if (status === undefined) return { body: '' };
  const [, location] = /^location: (.*)$/im.exec(head) ?? [];
  const raw = end < 0 ? '' : text.slice(end + 4);
  const body = /^transfer-encoding: chunked/im.test(head) ? unchunked(raw) : raw;
  return { status: Number(status), ...(location === undefined ? {} : { location }), body, ...seenIn(body) };
}

function unchunked(text: string): string {
  let [rest, out] = [text, ''];
  for (;;) {
    const [line, size] = /^([0-9a-f]+)[^\r\n]*\r\n/i.exec(rest) ?? [];
    if (line === undefined || size === undefined || Number.parseInt(size, 16) === 0) return out;
    out += rest.slice(line.length, line.length + Number.parseInt(size, 16));
    rest = rest.slice(line.length + Number.parseInt(size, 16) + 2);
  }
}

function seenIn(body: string): Pick<Reply, 'seen'> {
  try {
    const { pod, path, host } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return typeof pod === 'string' && typeof path === 'string' && typeof host === 'string' ? { seen: { pod, path, authority: host } } : {};
  } catch {
    return {};
  }
}
