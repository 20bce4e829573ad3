import { answer, type Client, parseRequest } from '@heddle/core';
import { expect, test } from 'vitest';
import { env, pod, service } from '../../test/support/objects.js';
import { observe } from '../../test/support/observe.js';
import { decode } from './decode.js';

test('a port that only a service of some namespaces opens is a listener for HTTP to these alone', () => {
  const metadata = { name: 'other', namespace: 'far', annotations: { 'networking.istio.io/exportTo': 'desk' } };
  const objects = [service('cart'), pod('cart-1', { app: 'cart' }), { ...service('other', [80], {}, 'far'), metadata }];
  const target = { services: [], hosts: ['cart.shop:80'] };
  const { tables } = decode(target, observe(objects, target), env);
  const from = (namespace: string): Client => ({ kind: 'sidecar', namespace, labels: {} });
  const routes = ['desk', 'shop'].map((namespace) => answer(tables, from(namespace), parseRequest({ url: 'http://cart.shop/' })).route);
  expect(routes).toEqual(['passthrough', 'tcp']);
});
