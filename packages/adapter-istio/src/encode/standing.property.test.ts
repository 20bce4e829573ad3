import { type Answer, answer, type Change, type Client, type KubeObject, type Request, type RouteTable } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationRule, env, pod, removal, service, session, split, takeover } from '../../test/support/objects.js';
import { apply, content, editsOf, observe, refusalsOf } from '../../test/support/observe.js';
import { matches, requests, worlds } from '../../test/support/worlds.js';
import { decode } from '../decode/index.js';

const CART = 'cart.shop.svc.cluster.local';
const SPLIT = split({ v1: 70, v2: 30 });
const clients: readonly Client[] = [
  { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { kind: 'sidecar', namespace: 'shop', labels: {} },
  { kind: 'gateway', namespace: 'shop', labels: { istio: 'ingressgateway' } },
];
/** With versions of the service, and shadows of the sessions. */
const versioned = (objects: readonly KubeObject[]) => [
  ...objects,
  ...['v1', 'v2'].map((version) => pod(`cart-${version}`, { app: 'cart', version })),
  destinationRule('cart', 'cart'),
  ...['a1', 'b2'].flatMap((id) => [service(`heddle-cart-${id}`), pod(`heddle-cart-${id}`, { app: `heddle-cart-${id}` })]),
];
const cases = fc.record({ objects: worlds.map(versioned), a: matches, b: matches });
const wasRefused = (objects: readonly KubeObject[], ...changes: readonly Change[]) =>
  changes.some((one) => refusalsOf(objects, one).length > 0);

const tablesOf = (objects: readonly KubeObject[]) => {
  const target = {
    services: ['cart', 'web'].flatMap((name) => [8080, 9090].map((port) => ({ namespace: 'shop', name, port }))),
    hosts: ['cart.example.com', 'edge.example.com'],
  };
  return decode(target, observe(objects, target), env).tables;
};
const ask = (tables: readonly RouteTable[], client: Client, request: Request) => answer(tables, client, request, { envoy: '1.40.0' });
const apart = ({ outcomes: _, route: __, trace: ___, decidedBy: ____, notes: _____, ...rest }: Answer) => rest;
const leads = ({ outcomes }: Answer) => outcomes.map(({ host, subset, port, probability }) => [host, subset, port, probability]);
const isOf = ({ outcomes }: Answer, port: number) => outcomes.some((one) => one.host === CART && one.port === port);

describe('a standing route, whatever the user wrote', () => {
  it('changes where requests for the service go, and nothing else of any request', () => {
    let tried = 0;
    fc.assert(
      fc.property(cases, ({ objects }) => {
        fc.pre(!wasRefused(objects, SPLIT));
        tried += 1;
        const [before, after] = [tablesOf(objects), tablesOf(apply(objects, SPLIT))];
        for (const client of clients) {
          for (const request of requests) {
            const [was, is] = [ask(before, client, request), ask(after, client, request)];
            const told = JSON.stringify({ client, request });
            expect(apart(is), told).toEqual(apart(was));
            if (!isOf(was, 8080)) expect(leads(is), told).toEqual(leads(was));
            else
              expect(leads(is), told).toEqual([
                [CART, 'v1', 8080, 0.7],
                [CART, 'v2', 8080, 0.3],
              ]);
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(tried).toBeGreaterThan(10);
  });

  it('makes the same objects in every order with two sessions, and any of the three goes alone, byte for byte', () => {
    let tried = 0;
    fc.assert(
      fc.property(cases, ({ objects, a, b }) => {
        const all = [takeover(session('a1'), a), takeover(session('b2'), b), SPLIT];
        fc.pre(!wasRefused(objects, ...all));
        tried += 1;
        const put = (...changes: readonly Change[]) => changes.reduce<readonly KubeObject[]>((state, one) => apply(state, one), objects);
        const orders = permutations(all);
        const [first, ...others] = orders.map((order) =>
          put(...order)
            .map(content)
            .sort(),
        );
        for (const other of others) expect(other).toEqual(first);
        const whole = put(...all);
        for (const one of all) expect(editsOf(whole, one)).toEqual([]);
        // Each of them as the one that goes first.
        for (const [x, y, z] of [orders[0], orders[2], orders[4]].flatMap((order) => (order === undefined ? [] : [order]))) {
          if (x === undefined || y === undefined || z === undefined) continue;
          expect(apply(whole, removal(y)).map(content).sort()).toEqual(put(x, z).map(content).sort());
          const empty = [z, x, y].reduce<readonly KubeObject[]>((state, one) => apply(state, removal(one)), whole);
          expect(empty.map(content).sort()).toEqual(objects.map(content).sort());
        }
      }),
      { numRuns: 25 },
    );
    expect(tried).toBeGreaterThan(5);
  });

  it('lets requests of a session through to its shadow, whether it was there before or came later', () => {
    fc.assert(
      fc.property(cases, ({ objects, a }) => {
        const one = takeover(session('a1'), a);
        fc.pre(!wasRefused(objects, one, SPLIT));
        const [alone, both] = [tablesOf(apply(objects, one)), tablesOf(apply(apply(objects, SPLIT), one))];
        for (const client of clients) {
          for (const request of requests) {
            const taken = ask(alone, client, request);
            if (!taken.outcomes.some(({ host }) => host.startsWith('heddle-cart-a1.'))) continue;
            const told = JSON.stringify({ client, request });
            const is = ask(both, client, request);
            expect([leads(is), apart(is)], told).toEqual([leads(taken), apart(taken)]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
