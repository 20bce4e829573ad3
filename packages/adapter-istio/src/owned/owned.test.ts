import { contentHash } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { virtualService } from '../../test/support/objects.js';
import { owned } from './owned.js';

const rule = (name: string | undefined, host: string) => ({ ...(name === undefined ? {} : { name }), route: [{ destination: { host } }] });
const NAME = 'heddle/session/shop/a1/0';

describe('owned', () => {
  it('finds our rules among foreign ones by name', () => {
    const ours = rule(NAME, 'heddle-cart-a1.shop.svc.cluster.local');
    const object = virtualService('cart', { hosts: ['cart'], http: [rule(undefined, 'x'), ours, rule('theirs', 'y')] });
    expect(owned(object)).toEqual([
      {
        owner: { kind: 'session', namespace: 'shop', id: 'a1' },
        service: { namespace: 'shop', name: 'cart' },
        ref: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'cart' },
        pointer: '/spec/http/1',
        hash: contentHash(ours),
      },
    ]);
  });

  it('takes the service from the hosts of an object of ours', () => {
    const metadata = { labels: { 'app.kubernetes.io/managed-by': 'heddle' } };
    const spec = { hosts: ['cart.shop.svc.cluster.local'], http: [rule(NAME, 'elsewhere.shop.svc.cluster.local')] };
    expect(owned(virtualService('heddle-cart', spec, 'shop', metadata))[0]?.service).toEqual({ namespace: 'shop', name: 'cart' });
  });

  it('guesses no service from a destination of another form', () => {
    const object = virtualService('cart', {
      http: [rule(NAME, 'cart'), rule('heddle/session/shop/a1/1', `heddle-${'x'.repeat(53)}-a1.shop.svc`)],
    });
    expect(owned(object).map(({ service }) => service)).toEqual([undefined, undefined]);
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    { apiVersion: 'v1', kind: 'Service' },
    { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { http: {} } },
  ])('has nothing to say of %j', (object) => expect(owned(object)).toEqual([]));

  it('has another hash for an edited rule, and the same wherever it stands', () => {
    const hash = (http: unknown[]) => owned(virtualService('cart', { http }))[0]?.hash;
    const ours = rule(NAME, 'a');
    expect(hash([ours])).toBe(hash([rule('x', 'y'), ours]));
    expect(hash([ours])).not.toBe(hash([{ ...ours, timeout: '1s' }]));
  });
});
