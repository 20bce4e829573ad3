import { type Client, type KubeObject, observeObjects, type Request, type Routing, select, viewHolds } from '@heddle/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask, differences } from '../../test/support/alike.js';
import { env } from '../../test/support/objects.js';
import { routings } from '../../test/support/routings.js';
import { decode } from '../decode/decode.js';
import { reads } from '../decode/reads.js';
import { validate } from '../validate/index.js';
import { adopt } from './adopt.js';
import { render } from './render.js';

const clients: readonly Client[] = ['shop', 'two', 'far'].flatMap((namespace) =>
  [{ app: 'web' }, { a: '1' }, { b: '1' }, { a: '1', b: '1' }, { app: 'web', a: '1' }, { app: 'other' }].map(
    (labels): Client => ({ kind: 'sidecar', namespace, labels }),
  ),
);
const headers: readonly Request['headers'][] = [
  [],
  [['x-dev', 'alice']],
  [['x-dev', '']],
  [
    ['x-dev', 'bob'],
    ['x-other', 'alice'],
  ],
  [
    ['origin', 'https://a.test'],
    ['access-control-request-method', 'GET'],
  ],
];
const lines: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/'],
  ['POST', '/api'],
  ['GET', '/api/v1?v=1'],
  ['GET', '/apiary'],
  ['PUT', '/API'],
  ['GET', '/web/x?v=2'],
  ['OPTIONS', '/api/'],
];
const requests: readonly Request[] = [8080, 9090].flatMap((port) =>
  lines.flatMap(([method, path]) =>
    headers.map(
      (sent): Request => ({
        ...{ method, scheme: 'http', host: 'cart.shop', port, path, headers: sent },
        authority: path === '/' ? 'cart.shop' : `cart.shop:${port}`,
      }),
    ),
  ),
);

function tablesOf({ services }: Routing, objects: readonly KubeObject[]) {
  const target = { services: services.flatMap(({ namespace, name, ports }) => ports.map(({ port }) => ({ namespace, name, port }))) };
  const first = observeObjects(objects, reads(target, new Map(), env));
  return decode(target, observeObjects(objects, reads(target, first, env)), env).tables;
}

/** Losses, and answers that are not as they were, of a routing that has been written as objects and read again. */
function changed(routing: Routing): readonly string[] {
  const { objects, losses } = render(routing, env);
  const faults = objects.flatMap((object) => validate(object, env).map(({ message }) => message));
  const after = tablesOf(routing, [...adopt(routing.objects, env), ...objects]);
  const tables = routing.services.flatMap((service) => service.tables);
  const ports = new Set(tables.map(({ port }) => port));
  return [
    ...faults,
    ...losses.map(({ message }) => message),
    ...clients.flatMap((client) =>
      requests
        .filter(({ port }) => ports.has(port))
        .flatMap((request) => {
          const table = tables.find((one) => one.port === request.port && viewHolds(one.view, client));
          const now = select(after, client, request);
          if (table === undefined || now === undefined) return [`no table for ${JSON.stringify([client, request])}`];
          return differences(ask(table, request), ask(now, request)).map((one) => `${JSON.stringify([client, request])}: ${one}`);
        }),
    ),
  ];
}

test('what Istio can say is written whole, and answers as the routing does', () => {
  fc.assert(
    fc.property(routings, (routing) => {
      expect(changed(routing).slice(0, 3)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('what is written is the same each time', () => {
  fc.assert(
    fc.property(routings, (routing) => {
      expect(render(routing, env)).toEqual(render(structuredClone(routing), env));
    }),
    { numRuns: 20 },
  );
});
