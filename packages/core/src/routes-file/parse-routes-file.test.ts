import { describe, expect, it, test } from 'vitest';
import { parseRoutesFile } from './parse-routes-file.js';

const head = { apiVersion: 'heddle.dev/v1', kind: 'Routes', metadata: { name: 'bookinfo', namespace: 'shop' } };
const parse = (...routes: readonly unknown[]) => parseRoutesFile({ ...head, routes });
const problemsOf = (...routes: readonly unknown[]) =>
  parse(...routes).problems.map(({ path, expected, received, nearest }) =>
    [path.join('.'), expected, received, nearest].filter(Boolean).join('; '),
  );
const matchOf = (match: unknown) => parse({ service: 'reviews', name: 'x', match, to: 'v2' }).file?.routes[0]?.match;
const matchProblems = (match: unknown) => problemsOf({ service: 'reviews', match, to: 'v2' });

it('reads what the commands say, in one file', () => {
  const { file, problems } = parse(
    { service: 'reviews', split: { v1: 90, v3: 10 } },
    { service: 'reviews', match: { headers: { 'end-user': 'jason' } }, to: 'v2' },
    { service: 'reviews:http', mirror: { to: 'v3', percent: 0.5 } },
    { service: 'ratings:9080', name: 'slow', match: [{ method: 'GET' }, { query: { slow: '1' } }], fault: { delay: '7s', abort: 503 } },
  );
  expect(problems).toEqual([]);
  expect(file).toEqual({
    name: 'bookinfo',
    namespace: 'shop',
    services: [],
    routes: [
      {
        ...{ service: 'reviews', name: 'split', match: [], path: ['routes', 0] },
        to: [
          { version: 'v1', weight: 90 },
          { version: 'v3', weight: 10 },
        ],
      },
      {
        ...{ service: 'reviews', name: 'end-user-jason', path: ['routes', 1] },
        match: [{ headers: [{ name: 'end-user', is: { exact: 'jason' } }] }],
        to: [{ version: 'v2', weight: 100 }],
      },
      { service: 'reviews', port: 'http', name: 'mirror', match: [], path: ['routes', 2], mirror: { version: 'v3', percent: 0.5 } },
      {
        ...{ service: 'ratings', port: '9080', name: 'slow', path: ['routes', 3] },
        match: [{ method: { exact: 'GET' } }, { query: [{ name: 'slow', is: { exact: '1' } }] }],
        fault: { delay: { percent: 100, ms: 7_000 }, abort: { percent: 100, status: 503 } },
      },
    ],
  });
});

test('a file without routes keeps none; one without the key has forgotten them', () => {
  expect(parse().file?.routes).toEqual([]);
  expect(parseRoutesFile(head).problems).toEqual([{ path: ['routes'], expected: 'a list of routes', received: 'nothing' }]);
});

describe('a match', () => {
  it.each([
    [{ headers: { 'X-Dev': 'alice' } }, { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }],
    [{ headers: { a: { regex: 'x.*' } } }, { headers: [{ name: 'a', is: { regex: 'x.*' } }] }],
    [
      { headers: { a: { present: true }, b: { absent: true } } },
      {
        headers: [
          { name: 'a', is: { present: true } },
          { name: 'b', is: { absent: true } },
        ],
      },
    ],
    [
      { headers: { team: [{ prefix: 'pay' }, { not: { exact: 'payroll' } }] } },
      {
        headers: [
          { name: 'team', is: { prefix: 'pay' } },
          { name: 'team', is: { not: { exact: 'payroll' } } },
        ],
      },
    ],
    [
      { headers: ['end-user=jason', 'user-agent=~.*Firefox.*', '!x-debug'] },
      {
        headers: [
          { name: 'end-user', is: { exact: 'jason' } },
          { name: 'user-agent', is: { regex: '.*Firefox.*' } },
          { name: 'x-debug', is: { absent: true } },
        ],
      },
    ],
    [{ path: { exact: '/cart' } }, { path: { kind: 'exact', value: '/cart' } }],
    [{ path: { prefix: '/api/' } }, { path: { kind: 'segmentPrefix', value: '/api' } }],
    [{ path: { rawPrefix: '/api/', ignoreCase: true } }, { path: { kind: 'rawPrefix', value: '/api/', ignoreCase: true } }],
    [{ path: { regex: '/v[12]/.*' } }, { path: { kind: 'regex', value: '/v[12]/.*' } }],
    [{ path: '^=/api' }, { path: { kind: 'segmentPrefix', value: '/api' } }],
    [{ path: '~/v[12]/.*' }, { path: { kind: 'regex', value: '/v[12]/.*' } }],
    [{ method: { regex: 'GET|HEAD' } }, { method: { regex: 'GET|HEAD' } }],
    [{ query: { q: '' } }, { query: [{ name: 'q', is: { exact: '' } }] }],
    [
      { scheme: 'https', authority: 'reviews.shop:9080' },
      { scheme: { exact: 'https' }, authority: { exact: 'reviews.shop:9080' } },
    ],
  ])('%j', (written, is) => expect(matchOf(written)).toEqual([is]));

  it.each([
    [
      {},
      'routes.0.match; conditions on path, method, headers, query, authority or scheme; without match, a route is for every request; an empty mapping',
    ],
    [
      [],
      'routes.0.match; conditions on path, method, headers, query, authority or scheme; without match, a route is for every request; an empty list',
    ],
    [{ header: { a: 'b' } }, 'routes.0.match.header; one of the keys path, method, headers, query, authority, scheme; header; headers'],
    [{ headers: { 'x-version': 1.1 } }, "routes.0.match.headers.x-version; a text in quotes: '1.1'; 1.1"],
    [
      { headers: { a: { exat: 'b' } } },
      'routes.0.match.headers.a.exat; one of the keys exact, prefix, regex, present, absent, not; exat; exact',
    ],
    [
      { headers: { a: { exact: 'b', prefix: 'c' } } },
      'routes.0.match.headers.a; one condition (a list holds several); a mapping of exact, prefix',
    ],
    [{ headers: { a: { present: false } } }, 'routes.0.match.headers.a.present; true; false'],
    [{ headers: { a: { regex: '(b' } } }, "routes.0.match.headers.a.regex; an RE2 pattern; '(b' (position 1: missing closing ))"],
    [{ headers: { host: 'a' } }, 'routes.0.match.headers.host; another header than Host, which the mesh uses to find the service; host'],
    [
      { headers: { a: [{ exact: 'b' }, { exact: 'c' }] } },
      'routes.0.match.headers; conditions that one value can satisfy, since all must hold; two on a that exclude each other',
    ],
    [{ headers: ['a=(', 'b=~('] }, 'routes.0.match.headers; an RE2 pattern; "(" (position 1: missing closing ))'],
    [
      { path: '/cart' },
      "routes.0.match.path; one of {exact: /cart}, {prefix: /api} (by segments), {rawPrefix: /api} (also /apis), {regex: RE2}, or =/cart, ^=/api, ~RE2; '/cart'",
    ],
    [{ path: { prefix: 'cart' } }, "routes.0.match.path.prefix; a path that begins with `/`; 'cart'"],
    [
      { path: { regex: '/a', ignoreCase: true } },
      'routes.0.match.path.ignoreCase; no ignoreCase beside a regex, which says (?i) itself; true',
    ],
    [{ method: 'GET POST' }, "routes.0.match.method; an HTTP method; 'GET POST'"],
  ])('%j is refused', (written, problem) => expect(matchProblems(written)).toContain(problem));
});

describe('what is wrong is told with its place', () => {
  const route = { service: 'reviews' };
  it.each<[string, unknown, string]>([
    [
      'no action',
      route,
      'routes.0; one of split: {v1: 90, v2: 10}, to: v2, mirror: {to: v3, percent: 10}, fault: {delay: 7s, abort: 503, percent: 100}; write a route for each; none of them',
    ],
    [
      'two actions',
      { ...route, to: 'v1', mirror: { to: 'v2' } },
      'routes.0; one of split: {v1: 90, v2: 10}, to: v2, mirror: {to: v3, percent: 10}, fault: {delay: 7s, abort: 503, percent: 100}; write a route for each; to and mirror',
    ],
    ['a wrong sum', { ...route, split: { v1: 90, v2: 20 } }, 'routes.0.split; percentages that sum to 100; v1=90 v2=20, which sums to 110'],
    ['half a percent', { ...route, split: { v1: 99.5, v2: 0.5 } }, 'routes.0.split.v1; a whole number from 0 to 100; 99.5'],
    ['a share in quotes', { ...route, split: { v1: 90, v2: '10' } }, "routes.0.split.v2; a whole number from 0 to 100; '10'"],
    ['a version that YAML takes for a number', { ...route, to: 1.1 }, "routes.0.to; a text in quotes: '1.1'; 1.1"],
    [
      'a mirror without a percentage',
      { ...route, mirror: { to: 'v3', percent: 0 } },
      'routes.0.mirror.percent; a percentage above 0, up to 100, with four decimals at most; 0',
    ],
    ['a fault that does nothing', { ...route, fault: { percent: 10 } }, 'routes.0.fault; delay, abort or both; a mapping of percent'],
    ['a delay without a unit', { ...route, fault: { delay: 7 } }, 'routes.0.fault.delay; a duration such as 7s, 500ms or 1m; 7'],
    ['a status that is none', { ...route, fault: { abort: 99 } }, 'routes.0.fault.abort; an HTTP status from 200 to 599; 99'],
    [
      'a service of another namespace',
      { service: 'reviews.shop', to: 'v1' },
      "routes.0.service; a Service's name, with :PORT (number or name) for one of its ports; 'reviews.shop'",
    ],
    ['a mistyped key', { ...route, too: 'v1' }, 'routes.0.too; one of the keys service, name, match, split, to, mirror, fault; too; to'],
  ])('%s', (_, one, problem) => expect(problemsOf(one)).toContain(problem));

  it('in the head', () => {
    const parsed = parseRoutesFile({ apiVersion: 'heddle.dev/v2', kind: 'Route', metadata: { name: 'A', labels: {} }, routes: [] });
    expect(parsed.problems.map(({ path, expected, received }) => [path.join('.'), expected, received])).toEqual([
      ['apiVersion', 'heddle.dev/v1', "'heddle.dev/v2'"],
      ['kind', 'Routes', "'Route'"],
      ['metadata.labels', 'one of the keys name, namespace', 'labels'],
      ['metadata.name', 'a name for the file: lower-case letters, digits and inner dashes', "'A'"],
    ]);
    expect(parsed.file).toBeUndefined();
  });

  it('in what is said of services', () => {
    const parsed = parseRoutesFile({
      ...head,
      services: { reviews: { ports: [{ port: 80, protocol: 'TCP' }, 0], versions: { v1: {}, v2: { label: {} } } } },
      routes: [],
    });
    expect(parsed.problems.map(({ path, expected }) => `${path.join('.')}: ${expected}`)).toEqual([
      'services.reviews.ports.0.protocol: one of the keys port, name, appProtocol',
      'services.reviews.ports.1: a whole number from 1 to 65535',
      'services.reviews.versions.v1: either labels or service',
      'services.reviews.versions.v2.label: one of the keys labels, service',
      'services.reviews.versions.v2: either labels or service',
    ]);
  });
});

describe('routes that can never count', () => {
  const jason = { headers: { 'end-user': 'jason' } };

  test('of one name', () => {
    expect(problemsOf({ service: 'reviews', to: 'v1' }, { service: 'reviews', name: 'split', match: jason, to: 'v2' })).toEqual([
      'routes.0.name; a name that no other route of reviews has; split',
    ]);
  });

  test('for requests that another takes', () => {
    expect(problemsOf({ service: 'reviews', to: 'v1' }, { service: 'reviews', name: 'again', to: 'v2' })).toEqual([
      'routes.0; requests that are left for it; only such as again takes',
    ]);
    const narrow = { ...jason, method: 'GET' };
    expect(
      problemsOf({ service: 'reviews', name: 'a', match: jason, to: 'v1' }, { service: 'reviews', name: 'b', match: narrow, to: 'v2' }),
    ).toEqual(['routes.1; requests that are left for it; only such as a takes, which comes first by name']);
    expect(
      problemsOf({ service: 'reviews', name: 'b', match: jason, to: 'v1' }, { service: 'reviews', name: 'a', match: narrow, to: 'v2' }),
    ).toEqual([]);
  });

  test('but what they want of them may be something else, or the service another', () => {
    expect(
      problemsOf({ service: 'reviews', to: 'v1' }, { service: 'reviews', mirror: { to: 'v2' } }, { service: 'ratings', to: 'v1' }),
    ).toEqual([]);
  });
});
