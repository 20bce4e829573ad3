import type { Client, TestRequest } from '@heddle/core';
import { quote } from '../services/mesh/example-request.js';

/** A request as people would send it: `curl -X POST -H 'end-user: jason' http://reviews:9080/`. */
export function curlLine({ method, headers, url }: Pick<TestRequest, 'method' | 'headers' | 'url'>): string {
  const lines = headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return ['curl', ...(method === 'GET' ? [] : [`-X ${quote(method)}`]), ...lines, quote(url)].join(' ');
}

/** Who sends it: `a pod in shop (app=web)`. */
export function clientText(client: Client): string {
  if (client.kind === 'none') return 'a pod without a proxy';
  const labels = Object.entries(client.labels).map(([key, value]) => `${key}=${value}`);
  const who = client.kind === 'gateway' ? 'the gateway' : 'a pod';
  return `${who} in ${client.namespace}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}
