import {
  answer,
  type Client,
  type Decoded,
  type KubeObject,
  type Labels,
  type MeshEnvironment,
  type Observation,
  observeObjects,
  parseRequest,
  queryKey,
  type Target,
} from '@heddle/core';
import { decode, reads } from '../../src/decode/index.js';

export const kuma = (version = '2.14.3', settings: Readonly<Record<string, string>> = {}): MeshEnvironment => ({
  version,
  envoy: '1.38.2',
  served: {},
  settings,
});

type Spec = Readonly<Record<string, unknown>>;

export const mesh = (name = 'default', mode?: string): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name },
  spec: mode === undefined ? {} : { meshServices: { mode } },
});

export const namespace = (name: string, labels: Labels = { 'kuma.io/sidecar-injection': 'enabled' }): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** Selects `app: name`, speaks http on 80 unless `port` says otherwise. */
export const service = (name: string, port: Spec = {}, home = 'shop', metadata: Spec = {}, spec: Spec = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: home, ...metadata },
  spec: { clusterIP: '10.96.0.1', selector: { app: name }, ports: [{ port: 80, targetPort: 8080, appProtocol: 'http', ...port }], ...spec },
});

export const pod = (
  name: string,
  labels: Labels,
  home = 'shop',
  more: { readonly ready?: boolean; readonly metadata?: Spec } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: home, labels, ...more.metadata },
  spec: { containers: [{ name: 'app', image: 'app' }] },
  status: { phase: 'Running', podIP: '10.244.0.1', conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }] },
});

export const trafficRoute = (name: string, spec: Spec, metadata: Spec = {}, more: Spec = { mesh: 'default' }): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  ...more,
  metadata: { name, ...metadata },
  spec,
});

export const route = (
  kind: 'MeshHTTPRoute' | 'MeshTCPRoute',
  name: string,
  spec: Spec,
  home = 'kuma-system',
  labels: Labels = {},
): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind,
  metadata: { name, namespace: home, labels: { 'kuma.io/mesh': 'default', ...labels } },
  spec,
});

/** From any client to a service, by its tag. */
export const between = (destination: string, source: Labels = { 'kuma.io/service': '*' }): Spec => ({
  sources: [{ match: source }],
  destinations: [{ match: { 'kuma.io/service': destination } }],
});

/** A rule for a path prefix that sends to a version of a service. */
export const rule = (prefix: string, backend: Spec | readonly Spec[], more: Spec = {}): Spec => ({
  matches: [{ path: { type: 'PathPrefix', value: prefix } }],
  default: { backendRefs: Array.isArray(backend) ? backend : [backend], ...more },
});

export const version = (value: string, tag = 'cart_shop_svc_80', more: Spec = {}): Spec => ({
  kind: 'MeshServiceSubset',
  name: tag,
  tags: { version: value },
  ...more,
});

/** Reads and decodes as core does it, in rounds. `unread`: kinds that may not be read. */
export function decoded(
  objects: readonly KubeObject[],
  target: Target,
  env: MeshEnvironment = kuma(),
  unread: readonly string[] = [],
): Decoded {
  return decode(target, observed(objects, target, env, unread), env);
}

export function observed(objects: readonly KubeObject[], target: Target, env: MeshEnvironment = kuma(), unread: readonly string[] = []) {
  let seen = new Map<string, Observation>();
  for (let round = 0; round < 5; round += 1) {
    const queries = reads(target, seen, env).filter((query) => !seen.has(queryKey(query)));
    if (queries.length === 0) break;
    seen = new Map([...seen, ...observeObjects(objects, queries)]);
    for (const query of queries) if (unread.includes(query.kind)) seen.set(queryKey(query), { unread: 'forbidden' });
  }
  return seen;
}

export const from = (labels: Labels = { app: 'web' }, home = 'shop'): Client => ({ kind: 'sidecar', namespace: home, labels });

/** What becomes of a request, in short: pods with their share, or a status, or `closed`. */
export function ask(objects: readonly KubeObject[], url: string, client: Client = from(), env: MeshEnvironment = kuma()): unknown {
  const request = parseRequest({ method: 'GET', url, headers: [] });
  const { tables, gaps } = decoded(objects, { services: [], hosts: [`${request.host}:${request.port}`] }, env);
  if (gaps.length > 0) return gaps.map(({ feature }) => feature);
  const { outcomes, status, route: by, redirect } = answer(tables, client, request, { envoy: '1.38.2' });
  if (redirect !== undefined) return redirect.location;
  if (outcomes.length === 0) return status ?? by;
  return Object.fromEntries(
    outcomes.map(({ probability, pods, reason, host }) => [
      reason ?? (pods === undefined ? host : pods.map(({ name }) => name).join('+')),
      Math.round(probability * 1000) / 1000,
    ]),
  );
}
