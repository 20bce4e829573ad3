import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { load } from 'js-yaml';

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

export interface ApiReply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
  readonly json: any;
}

export interface ApiRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client that trusts nothing but the kubeconfig's own certificate. */
export class ApiClient {
  readonly server: string;
  readonly ca: Buffer;
  readonly token: string;

  constructor(kubeconfig: string) {
    const { clusters, users } = load(kubeconfig) as Kubeconfig;
    this.server = clusters[0].cluster.server;
    this.ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
    this.token = users[0].user.token;
  }

  open(path: string, { method = 'GET', headers = {} }: ApiRequest = {}): ClientRequest {
    const all = { authorization: `Bearer ${this.token}`, ...headers };
    return request(this.server + path, { method, headers: all, ca: this.ca, agent: false });
  }

  async send(path: string, options: ApiRequest = {}): Promise<ApiReply> {
    const { body, method = body === undefined ? 'GET' : 'POST' } = options;
    const data = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    // Node frames the body of a DELETE only when told its length.
    const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(data)) };
    const sent = this.open(path, { method, headers: { ...type, ...options.headers } });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject);
      sent.end(data);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const isJson = response.headers['content-type'] === 'application/json' && text !== '' && !text.trim().includes('\n');
    return { status: response.statusCode ?? 0, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  /** Reads a watch line by line until `count` events have come, then breaks it off. */
  // biome-ignore lint/suspicious/noExplicitAny: events are looked into freely by tests
  async watch(path: string, count: number, meanwhile: () => unknown = () => {}, headers: Record<string, string> = {}): Promise<any[]> {
    const sent = this.open(path, { headers });
    const response = await new Promise<IncomingMessage>((resolve, reject) => sent.on('response', resolve).on('error', reject).end());
    await meanwhile();
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (text.split('\n').length > count) break;
    }
    sent.destroy();
    return text
      .split('\n')
      .slice(0, count)
      .map((line) => JSON.parse(line));
  }
}
