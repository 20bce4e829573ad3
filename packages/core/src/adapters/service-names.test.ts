import { expect, it } from 'vitest';
import { serviceAddresses, servicesNamed, splitHostPort } from './service-names.js';

const service = (namespace: string, name: string, address: string) => ({
  ...{ namespace, name, addresses: [address] },
  host: `${name}.${namespace}.svc.cluster.local`,
});
const services = [service('shop', 'cart', '10.0.0.1'), service('lab', 'cart', '10.0.0.2'), service('shop', 'web', '10.0.0.3')];
const named = (host: string) => servicesNamed(services, host).map(({ namespace, name }) => `${namespace}/${name}`);

it('a Service is dialled by its full name, by its shorter ones and by its addresses', () => {
  expect(serviceAddresses(service('shop', 'cart', '10.0.0.1'))).toEqual([
    'cart.shop.svc.cluster.local',
    'cart.shop.svc',
    'cart.shop',
    '10.0.0.1',
  ]);
});

it.each([
  ['cart', ['shop/cart', 'lab/cart']],
  ['cart.lab', ['lab/cart']],
  ['web.shop.svc', ['shop/web']],
  ['10.0.0.2', ['lab/cart']],
  ['cart.elsewhere', []],
  ['shop', []],
])('%s means %j', (host, expected) => expect(named(host)).toEqual(expected));

it.each([
  ['Reviews:9080', 'reviews', 9080],
  ['reviews.default.', 'reviews.default', undefined],
  ['reviews.default.:80', 'reviews.default', 80],
  ['[::1]:80', '[::1]', 80],
  ['[::1]', '[::1]', undefined],
])('%s is host %s and port %s', (written, host, port) => expect(splitHostPort(written)).toEqual({ host, port }));
