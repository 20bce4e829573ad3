import { type Answer, answer, type Client, type KubeObject, type Request, type RouteTable } from '@heddle/core';
import { decode } from '../../src/decode/index.js';
import { env } from './objects.js';
import { observe } from './observe.js';

/** Who calls in the worlds: with labels that rules ask for and without, and the gateway. */
export const clients: readonly Client[] = [
  { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { kind: 'sidecar', namespace: 'shop', labels: {} },
  { kind: 'gateway', namespace: 'shop', labels: { istio: 'ingressgateway' } },
];

/** All tables of the worlds' services and hosts. */
export function tablesOf(objects: readonly KubeObject[]): readonly RouteTable[] {
  const target = {
    services: ['cart', 'web'].flatMap((name) => [8080, 9090].map((port) => ({ namespace: 'shop', name, port }))),
    hosts: ['cart.example.com', 'edge.example.com'],
  };
  return decode(target, observe(objects, target), env).tables;
}

export const ask = (tables: readonly RouteTable[], client: Client, request: Request): Answer =>
  answer(tables, client, request, { envoy: '1.40.0' });
