import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dump, load } from 'js-yaml';
import { selfSigned } from '../../src/api/certificate.js';
import type { Exchange } from './recording.js';

interface Config {
  readonly clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
}

/** Stands between kubectl and a sandbox, and writes down what they say to one another. */
export async function startRecorder(kubeconfig: string) {
  const tls = selfSigned();
  const config = load(kubeconfig) as Config;
  const [target] = config.clusters;
  if (target === undefined) throw new Error('the kubeconfig names no cluster');
  const { server, 'certificate-authority-data': authority } = target.cluster;
  let exchanges: (() => Exchange)[] = [];
  const proxy = createServer(tls, (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const chunks: { sent: Buffer[]; got: Buffer[] } = { sent: [], got: [] };
    let status = 0;
    const { accept, 'content-type': type } = headers;
    exchanges.push(() => ({
      method,
      path: url,
      accept,
      type,
      body: chunks.sent.length === 0 ? undefined : Buffer.concat(chunks.sent).toString(),
      status,
      answer: parse(Buffer.concat(chunks.got).toString(), url),
    }));
    const onward = request(server + url, { method, headers, ca: Buffer.from(authority, 'base64') }, (answer) => {
      status = answer.statusCode ?? 0;
      response.writeHead(status, answer.headers).flushHeaders();
      answer.on('data', (data) => chunks.got.push(data)).pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    incoming.on('data', (data) => chunks.sent.push(data)).pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  target.cluster.server = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  target.cluster['certificate-authority-data'] = Buffer.from(tls.cert).toString('base64');
  return {
    kubeconfig: dump(config),
    /** What was said since the last call. */
    take(): Exchange[] {
      const taken = exchanges.map((exchange) => exchange());
      exchanges = [];
      return taken;
    },
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function parse(text: string, url: string): unknown {
  if (/[?&]watch=(true|1)/.test(url))
    return text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
