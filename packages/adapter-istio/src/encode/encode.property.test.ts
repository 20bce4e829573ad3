import { type Answer, type Client, type KubeObject, type Match, type Request, type RouteTable, select } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, clients, tablesOf } from '../../test/support/asked.js';
import { pod, removal, service, session, takeover } from '../../test/support/objects.js';
import { apply, content, editsOf, refusalsOf } from '../../test/support/observe.js';
import { matches, requests, satisfies, worlds } from '../../test/support/worlds.js';

const SHADOW = 'heddle-cart-a1';
const CART = 'cart.shop.svc.cluster.local';
const cases = fc.record({ objects: worlds, a: matches, b: matches });
const change = (id: string, match: Match) => takeover(session(id), match);
const wasRefused = (objects: readonly KubeObject[], ...changes: ReturnType<typeof change>[]) =>
  changes.some((one) => refusalsOf(objects, one).length > 0);
const withShadow = (objects: readonly KubeObject[]) => [...objects, service(SHADOW), pod(SHADOW, { app: SHADOW })];

/** What the caller and the backends see of it. */
const result = ({ status, outcomes, mirrors, faults, redirect, seen }: Answer) => ({ status, outcomes, mirrors, faults, redirect, seen });

/** Whether a request is decided by a rule that sends to cart:8080, by its implicit route, or is lost on the mesh though it is for cart. */
function isMeant(tables: readonly RouteTable[], client: Client, request: Request): boolean {
  const table = select(tables, client, request);
  const today = ask(tables, client, request);
  if (today.outcomes.some(({ host, port }) => host === CART && port === 8080)) return true;
  return today.route === 'none' && client.kind === 'sidecar' && request.port === 8080 && table?.domains.includes(CART) === true;
}

describe('encode, whatever the user wrote', () => {
  it('keeps foreign answers, and sends all that is meant to the shadow alone', () => {
    let tried = 0;
    fc.assert(
      fc.property(cases, ({ objects, a }) => {
        const all = withShadow(objects);
        fc.pre(!wasRefused(all, change('a1', a)));
        tried += 1;
        const [before, after] = [tablesOf(all), tablesOf(apply(all, change('a1', a)))];
        for (const client of clients) {
          for (const request of requests) {
            const [was, is] = [ask(before, client, request), ask(after, client, request)];
            const inside = satisfies([a], request) && isMeant(before, client, request);
            if (inside) {
              expect(is.outcomes.map(({ host, port, probability }) => [host, port, probability])).toEqual([
                [`${SHADOW}.shop.svc.cluster.local`, 8080, 1],
              ]);
              expect([is.mirrors, is.faults]).toEqual([undefined, undefined]);
            } else expect(result(is), JSON.stringify({ client, request })).toEqual(result(was));
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(tried).toBeGreaterThan(10);
  });

  it('is undone byte for byte, and changes nothing the second time', () => {
    fc.assert(
      fc.property(cases, ({ objects, a }) => {
        const one = change('a1', a);
        fc.pre(!wasRefused(objects, one));
        const after = apply(objects, one);
        expect(editsOf(after, one)).toEqual([]);
        expect(apply(after, removal(one)).map(content)).toEqual(objects.map(content));
        expect(editsOf(objects, removal(one))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same objects for A then B as for B then A, and leaves B when A goes', () => {
    fc.assert(
      fc.property(cases, ({ objects, a, b }) => {
        const [one, two] = [change('a1', a), change('b2', b)];
        fc.pre(!wasRefused(objects, one, two));
        const onlyB = apply(objects, two);
        const [ab, ba] = [apply(apply(objects, one), two), apply(onlyB, one)];
        expect(ab.map(content)).toEqual(ba.map(content));
        expect(apply(ab, removal(one)).map(content)).toEqual(onlyB.map(content));
      }),
      { numRuns: 200 },
    );
  });
});
