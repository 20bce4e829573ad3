import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { createGunzip } from 'node:zlib';

/** Whom to trust and who we are. PEM. */
export interface TlsSettings {
  readonly ca?: Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface Wire {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsSettings;
  readonly agent: http.Agent;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Sends one request and gives the response as soon as its head is there. Rejects with Node's own error. */
export function exchange(wire: Wire): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url, body, signal, agent } = wire;
    const headers: http.OutgoingHttpHeaders = Object.fromEntries(
      Object.entries(wire.headers).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
    );
    if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
    const options = { ...wire.tls, method, headers, agent, signal };
    const request = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
    request.once('response', resolve);
    request.once('error', (error) => reject(Object.assign(error, { reused: request.reusedSocket })));
    request.end(body);
  });
}

/** True when a kept connection was closed by the other end before anything came back: the server may not have seen the request. */
export function wasStale(error: unknown): boolean {
  if (!(error instanceof Error) || !('reused' in error) || error.reused !== true || !('code' in error)) return false;
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

export async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const source = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
  if (source !== response) response.once('error', (error) => source.destroy(error));
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
