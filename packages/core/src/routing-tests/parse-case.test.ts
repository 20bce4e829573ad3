import { describe, expect, test } from 'vitest';
import { parseCases } from './parse-case.js';

const request = { url: 'http://reviews:9080/', expect: { status: 200 } };
const client = { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' } };
const problemsOf = (document: unknown) =>
  parseCases(document).problems.map(({ path, expected, received }) => `${path.join('.')}: ${expected}; ${received}`);

test('a case with what it may leave out', () => {
  expect(parseCases({ client: { labels: { app: 'web', version: 1 } }, requests: [request] })).toEqual({
    problems: [],
    cases: [
      {
        files: [],
        path: [],
        client: { kind: 'sidecar', labels: { app: 'web', version: '1' } },
        requests: [{ method: 'GET', url: 'http://reviews:9080/', headers: [], expect: { status: 200 } }],
      },
    ],
  });
});

test('several cases of a document know where they stand', () => {
  const { cases, problems } = parseCases({
    cases: [
      { title: 'a', client, requests: [request] },
      { title: 'b', client, requests: [request] },
    ],
  });
  expect(problems).toEqual([]);
  expect(cases.map(({ title, path }) => [title, path])).toEqual([
    ['a', ['cases', 0]],
    ['b', ['cases', 1]],
  ]);
});

test('objects as text, as a list and by path', () => {
  const objectsOf = (more: object) =>
    parseCases({ client, requests: [request], ...more }).cases.map(({ objects, files }) => ({ objects, files }));
  expect(objectsOf({ objects: 'kind: Service' })).toEqual([{ objects: 'kind: Service', files: [] }]);
  expect(objectsOf({ objects: [{ kind: 'Service' }], files: ['../mesh'] })).toEqual([
    { objects: [{ kind: 'Service' }], files: ['../mesh'] },
  ]);
  expect(objectsOf({ objects: { files: ['a.yaml'] }, files: ['b/'] })).toEqual([{ objects: undefined, files: ['a.yaml', 'b/'] }]);
});

test('headers as a mapping or in pairs, repeated and without a value', () => {
  const headersOf = (headers: unknown) => parseCases({ client, requests: [{ ...request, headers }] }).cases[0]?.requests[0]?.headers;
  expect(headersOf({ 'end-user': 'jason', n: 1 })).toEqual([
    ['end-user', 'jason'],
    ['n', '1'],
  ]);
  expect(headersOf([['x', 'a'], ['x', 'b'], ['X-Debug']])).toEqual([
    ['x', 'a'],
    ['x', 'b'],
    ['X-Debug', ''],
  ]);
});

describe('every mistake is named with its place, what was expected and what is there', () => {
  test.each<[unknown, string]>([
    ['text', ': a case: a mapping with client and requests, or with cases; ' + "'text'"],
    [{ cases: [] }, 'cases: a list of cases; an empty list'],
    [{ cases: [], client }, 'client: one of the keys cases; client'],
    [{ requests: [request] }, 'client: who calls: {kind: sidecar|gateway, namespace, labels or name}, or {kind: none}; nothing'],
    [{ client }, 'requests: a list of requests; nothing'],
    [{ client, requests: [] }, 'requests: a list of requests; an empty list'],
    [
      { client, requests: [request], reqests: [] },
      'reqests: one of the keys id, title, mesh, envoy, objects, files, client, requests, rejected, recorded; reqests',
    ],
    [{ client: { kind: 'sidcar' }, requests: [request] }, "client.kind: one of sidecar, gateway, none; 'sidcar'"],
    [{ client, envoy: 1.4, requests: [request] }, "envoy: Envoy's version in quotes: '1.38'; 1.4"],
    [{ client, objects: 5, requests: [request] }, 'objects: YAML text, a list of objects, or {files: [PATH, …]}; 5'],
    [{ client, requests: [{ ...request, url: 'reviews' }] }, 'requests.0.url: http://host[:port]/path or https://…; "reviews"'],
    [{ client, requests: [{ ...request, method: 'G T' }] }, 'requests.0.method: an HTTP method; "G T"'],
    [{ client, requests: [{ ...request, headers: ['x'] }] }, "requests.0.headers.0: [name, value]; 'x'"],
    [
      { client, requests: [{ url: request.url }] },
      'requests.0: what must come of the request: expect, or observed (--record writes it); a mapping of url',
    ],
    [
      { client, requests: [{ ...request, observedOlderEnvoy: { outcomes: [] } }] },
      'requests.0: observed beside observedOlderEnvoy; a mapping of url, expect, observedOlderEnvoy',
    ],
    [{ client, requests: [{ ...request, observed: { status: 404 } }] }, 'requests.0.observed.outcomes: a list; nothing'],
    [
      { client, requests: [{ ...request, observed: { outcomes: [{ host: 'a' }] } }] },
      'requests.0.observed.outcomes.0.probability: a number from 0 to 1; nothing',
    ],
    [
      { client, requests: [{ ...request, expect: {} }] },
      'requests.0.expect: something to expect: status, outcomes, mirrors, faults, redirect, seen, protocol, body; an empty mapping',
    ],
    [
      { client, requests: [{ ...request, expect: { outcomes: [{ versoin: 'v1' }] } }] },
      'requests.0.expect.outcomes.0.versoin: one of the keys probability, version, host, port, subset, labels, pods, status, reason; versoin',
    ],
    [
      { client, requests: [{ ...request, expect: { faults: { abort: { percent: 101 } } } }] },
      'requests.0.expect.faults.abort.percent: a number from 0 to 100; 101',
    ],
  ])('%j', (document, problem) => {
    expect(problemsOf(document)).toEqual([problem]);
  });
});

test('a case with a mistake is left out, others of the document are there', () => {
  const { cases, problems } = parseCases({
    cases: [
      { client, requests: [{ url: 1 }] },
      { title: 'b', client, requests: [request] },
    ],
  });
  expect(cases.map(({ title }) => title)).toEqual(['b']);
  expect(problems.length).toBeGreaterThan(0);
});

test('unfinished requests are taken where they will be recorded', () => {
  const { cases, problems } = parseCases({ client, requests: [{ url: request.url }] }, { unfinished: true });
  expect(problems).toEqual([]);
  expect(cases[0]?.requests).toEqual([{ method: 'GET', url: request.url, headers: [] }]);
});
