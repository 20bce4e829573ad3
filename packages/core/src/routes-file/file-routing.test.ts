import { describe, expect, it, test } from 'vitest';
import { describeMatches } from '../describe/describe-match.js';
import type { KubeObject } from '../model/object.js';
import { fileRouting } from './file-routing.js';
import { parseRoutesFile } from './parse-routes-file.js';

const placed = (routes: readonly unknown[], services: unknown = {}, name = 'bookinfo') => {
  const { file, problems } = parseRoutesFile({ apiVersion: 'heddle.dev/v1', kind: 'Routes', metadata: { name }, services, routes });
  expect(problems).toEqual([]);
  if (file === undefined) throw new Error('no file');
  return { file, namespace: 'shop' };
};
const routing = (routes: readonly unknown[], services?: unknown, objects: readonly KubeObject[] = []) =>
  fileRouting([placed(routes, services)], objects);
const problemsOf = (made: ReturnType<typeof fileRouting>) =>
  made.problems.map(({ path, expected, received }) => `${path.join('.')}: ${expected}; ${received}`);
const service = (...ports: readonly unknown[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'shop' },
  spec: { selector: { app: 'reviews' }, ports },
});

it('makes a table of rules in the order in which they count, and keeps what no route is for', () => {
  const made = routing([
    { service: 'reviews:9080', split: { v1: 90, v3: 10 } },
    { service: 'reviews:9080', match: { headers: { 'end-user': 'jason' } }, to: 'v2' },
    { service: 'reviews:9080', match: { path: { prefix: '/slow' } }, fault: { delay: '1s' } },
  ]);
  expect(made.problems).toEqual([]);
  expect(made.notes).toEqual([
    'Versions of Service shop/reviews are taken to be its Pods with the label version=v1, version=v2, version=v3.',
  ]);
  const [{ ports = [], tables = [] } = {}] = made.services;
  expect(ports).toEqual([{ port: 9080 }]);
  expect(tables).toHaveLength(1);
  const rules = tables[0]?.rules.map(({ match, action, fault }) => [
    describeMatches(match),
    typeof action === 'object' && 'to' in action ? action.to.map(({ version, labels, weight }) => [version, labels?.version, weight]) : [],
    fault?.delay?.ms,
  ]);
  const [v1and3, v2] = [
    [
      ['v1', 'v1', 90],
      ['v3', 'v3', 10],
    ],
    [['v2', 'v2', 100]],
  ];
  expect(rules).toEqual([
    ['path ^= /slow (by segments) and end-user = jason', v2, 1_000],
    ['end-user = jason', v2, undefined],
    ['path ^= /slow (by segments)', v1and3, 1_000],
    ['every request', v1and3, undefined],
  ]);
});

test('what a route does not say is the Service as it stands', () => {
  const made = routing([{ service: 'reviews:9080', mirror: { to: 'v3' } }], { reviews: { versions: { v3: { service: 'reviews-next' } } } });
  const host = 'reviews.shop.svc.cluster.local';
  expect(made.notes).toEqual([]);
  expect(made.services[0]?.tables[0]?.rules[0]).toMatchObject({
    action: { to: [{ host, port: 9080 }] },
    mirrors: [
      {
        destination: {
          host: 'reviews-next.shop.svc.cluster.local',
          versionOf: { namespace: 'shop', name: 'reviews' },
          version: 'v3',
        },
        percent: 100,
      },
    ],
  });
});

describe('ports', () => {
  const split = { service: 'reviews', to: 'v1' };
  const portsOf = (made: ReturnType<typeof fileRouting>) => made.services[0]?.tables.map(({ port }) => port);

  test('are those that a Service says carry HTTP', () => {
    const object = service(
      { port: 80, appProtocol: 'http' },
      { port: 90, name: 'grpc-x' },
      { port: 53, protocol: 'UDP' },
      { port: 25, name: 'smtp' },
    );
    const made = routing([split], {}, [object]);
    expect(portsOf(made)).toEqual([80, 90]);
    expect(made.notes).toContain('Port 25 of Service shop/reviews is not said to carry HTTP, so no route is for it.');
    expect(made.services[0]).toMatchObject({ selector: { app: 'reviews' }, ports: [{ port: 80 }, { port: 90 }, { port: 25 }] });
  });

  test('the only one is taken, and said', () => {
    const made = routing([split], { reviews: { ports: [9080] } });
    expect(portsOf(made)).toEqual([9080]);
    expect(made.notes).toContain('Port 9080 of Service shop/reviews is taken to carry HTTP.');
  });

  test('a route for one port leaves the others alone', () => {
    const made = routing([{ service: 'reviews:web', to: 'v1' }], {}, [service({ port: 80, name: 'web' }, { port: 90, name: 'http' })]);
    expect(portsOf(made)).toEqual([80]);
  });

  test.each([
    [
      'nothing is known',
      split,
      {},
      [],
      'routes.0.service: SERVICE:PORT with a number, or the ports of the Service, in services or as a Service object; reviews',
    ],
    [
      'only a name',
      { ...split, service: 'reviews:http' },
      {},
      [],
      'routes.0.service: SERVICE:PORT with a number, or the ports of the Service, in services or as a Service object; reviews:http',
    ],
    [
      'several and none for HTTP',
      split,
      { reviews: { ports: [1, 2] } },
      [],
      'routes.0.service: reviews:PORT, since nothing says which of its ports carry HTTP: 1, 2; reviews',
    ],
    [
      'another',
      { ...split, service: 'reviews:81' },
      {},
      [service({ port: 80, name: 'web' })],
      'routes.0.service: a port of Service shop/reviews: 80 (web); reviews:81',
    ],
  ])('%s: a problem', (_, route, services, objects, problem) => {
    const made = routing([route], services, objects);
    expect(problemsOf(made)).toEqual([problem]);
    expect(made.services).toEqual([]);
  });
});

describe('several files', () => {
  test('compose on one service', () => {
    const [a, b] = [
      placed([{ service: 'reviews:80', to: 'v1' }], {}, 'a'),
      placed([{ service: 'reviews:80', mirror: { to: 'v2' } }], {}, 'b'),
    ];
    const [routed] = fileRouting([a, b], []).services;
    expect(routed?.tables[0]?.rules).toMatchObject([
      { action: { to: [{ version: 'v1' }] }, mirrors: [{ destination: { version: 'v2' } }] },
    ]);
  });

  test('may not want the same of the same requests', () => {
    const [a, b] = [placed([{ service: 'reviews:80', to: 'v1' }], {}, 'a'), placed([{ service: 'reviews:80', to: 'v2' }], {}, 'b')];
    const { problems } = fileRouting([a, b], []);
    expect(problems).toMatchObject([{ file: { name: 'b' }, path: ['routes', 0, 'name'] }]);
  });
});

test('conditions that no one rule can ask for are a problem', () => {
  const made = routing([
    { service: 'reviews:80', name: 'a', match: { path: { regex: '/a.*' } }, to: 'v1' },
    { service: 'reviews:80', name: 'b', match: { path: { regex: '.*b' } }, mirror: { to: 'v2' } },
  ]);
  expect(problemsOf(made)).toEqual([
    expect.stringMatching(/^routes\.0: routes whose conditions can hold together .*no one rule can ask for both$/),
  ]);
});
