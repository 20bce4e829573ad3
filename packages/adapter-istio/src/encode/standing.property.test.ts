import type { Answer, Change, Intent, KubeObject, Request } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, clients, tablesOf } from '../../test/support/asked.js';
import { destinationRule, pod, removal, service, session, standing, takeover } from '../../test/support/objects.js';
import { apply, content, editsOf, refusalsOf } from '../../test/support/observe.js';
import { matches, requests, satisfies, standingIntents, worlds } from '../../test/support/worlds.js';

const CART = 'cart.shop.svc.cluster.local';
/** With versions of the service, and shadows of the sessions. */
const versioned = (objects: readonly KubeObject[]) => [
  ...objects,
  ...['v1', 'v2'].map((version) => pod(`cart-${version}`, { app: 'cart', version })),
  destinationRule('cart', 'cart'),
  ...['a1', 'b2'].flatMap((id) => [service(`heddle-cart-${id}`), pod(`heddle-cart-${id}`, { app: `heddle-cart-${id}` })]),
];
const cases = fc.record({ objects: worlds.map(versioned), intents: standingIntents, a: matches, b: matches });
const wasRefused = (objects: readonly KubeObject[], ...changes: readonly Change[]) =>
  changes.some((one) => refusalsOf(objects, one).length > 0);

const apart = ({ outcomes: _, route: __, trace: ___, decidedBy: ____, notes: _____, ...rest }: Answer) => rest;
/** What the first intent of a dimension that is for the request says. */
const said = <D extends 'to' | 'mirror' | 'fault'>(intents: readonly Intent[], dimension: D, request: Request) =>
  intents.find((one): one is Extract<Intent, Record<D, unknown>> => dimension in one && satisfies(one.match, request))?.[dimension];
const leads = ({ outcomes }: Answer) => outcomes.map(({ host, subset, port, probability }) => [host, subset, port, probability]);
const isOf = ({ outcomes }: Answer, port: number) => outcomes.some((one) => one.host === CART && one.port === port);

describe('a standing route, whatever the user wrote', () => {
  it('makes of requests for the service what it says in each dimension, and nothing else of any request', () => {
    let tried = 0;
    fc.assert(
      fc.property(cases, ({ objects, intents }) => {
        const change = standing(intents);
        fc.pre(!wasRefused(objects, change));
        tried += 1;
        const [before, after] = [tablesOf(objects), tablesOf(apply(objects, change))];
        for (const request of requests) {
          const [to, mirror, fault] = [said(intents, 'to', request), said(intents, 'mirror', request), said(intents, 'fault', request)];
          for (const client of clients) {
            const [was, is] = [ask(before, client, request), ask(after, client, request)];
            const told = JSON.stringify({ client, request });
            const inside = isOf(was, 8080);
            const { mirrors: wereMirrors, faults: wereFaults, ...kept } = apart(was);
            const { mirrors, faults, ...rest } = apart(is);
            expect(rest, told).toEqual(kept);
            const shares = to?.map(({ version, weight }) => [CART, version, 8080, weight / 100]);
            expect(leads(is), told).toEqual((inside ? shares : undefined) ?? leads(was));
            const { version: subset, percent } = mirror ?? {};
            if (inside && mirror !== undefined) expect(mirrors, told).toMatchObject([{ host: CART, subset, percent }]);
            else expect(mirrors, told).toEqual(wereMirrors);
            expect(faults, told).toEqual((inside ? fault : undefined) ?? wereFaults);
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
      fc.property(cases, ({ objects, intents, a, b }) => {
        const all = [takeover(session('a1'), a), takeover(session('b2'), b), standing(intents)];
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
      fc.property(cases, ({ objects, intents, a }) => {
        const one = takeover(session('a1'), a);
        const routes = standing(intents);
        fc.pre(!wasRefused(objects, one, routes));
        const [alone, both] = [tablesOf(apply(objects, one)), tablesOf(apply(apply(objects, routes), one))];
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
