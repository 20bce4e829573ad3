import { destination, type Place, routeDestinations } from './destination.ts';
import type { Random } from './random.ts';

/** What an HTTPRoute of a VirtualService does with a request, as it is written; never a delegate. */
export function action(random: Random, place: Place): Record<string, unknown> {
  return random.weighted<() => Record<string, unknown>>([
    [16, () => ({ route: routeDestinations(random, place), ...onTheWay(random, place) })],
    [2, () => ({ redirect: redirect(random), ...(random.chance(0.1) ? { fault: fault(random) } : {}) })],
    [2, () => ({ directResponse: directResponse(random), ...(random.chance(0.1) ? { fault: fault(random) } : {}) })],
  ])();
}

function onTheWay(random: Random, place: Place): Record<string, unknown> {
  const when = (probability: number, make: () => Record<string, unknown>) => (random.chance(probability) ? make() : {});
  return {
    ...when(0.2, () => ({ rewrite: rewrite(random) })),
    ...when(0.15, () => mirrors(random, place)),
    ...when(0.12, () => ({ fault: fault(random) })),
    ...when(0.1, () => ({ timeout: random.pick(['1s', '0.5s', '10s']) })),
    ...when(0.05, () => ({ retries: { attempts: random.below(4), perTryTimeout: '2s', retryOn: '5xx' } })),
    ...when(0.12, () => ({ headers: headers(random) })),
  };
}

function rewrite(random: Random): Record<string, unknown> {
  const path = random.weighted<() => Record<string, unknown>>([
    [6, () => ({ uri: random.pick(['/new', '/', '/new/', 'new', '/a%20b', '/new?x=1']) })],
    [
      3,
      () => ({
        uriRegexRewrite: random.pick([
          { match: '^/api/(.*)$', rewrite: '/v2/\\1' },
          { match: '/([^/]+)', rewrite: '/<\\1>' },
          { match: 'v[0-9]+', rewrite: 'vN' },
          { match: '/(.*)/(.*)', rewrite: '/\\2/\\1' },
          { match: '(?i)/API', rewrite: '/x\\0' },
        ]),
      }),
    ],
    [3, () => ({})],
  ])();
  const authority =
    Object.keys(path).length === 0 || random.chance(0.25)
      ? { authority: random.pick(['new.example.com', 'reviews', 'a.example.com:8080']) }
      : {};
  return { ...path, ...authority };
}

function redirect(random: Random): Record<string, unknown> {
  const maybe = (probability: number, part: Record<string, unknown>) => (random.chance(probability) ? part : {});
  return {
    ...maybe(0.6, { uri: random.pick(['/new', '/', '/new?y=2', '%PREFIX()%/x', 'new']) }),
    ...maybe(0.4, { authority: random.pick(['new.example.com', 'new.example.com:8443']) }),
    ...maybe(0.3, { scheme: random.pick(['https', 'http']) }),
    ...(random.chance(0.25)
      ? random.pick<Record<string, unknown>>([
          { port: 443 },
          { port: 80 },
          { port: 8080 },
          { derivePort: 'FROM_REQUEST_PORT' },
          { derivePort: 'FROM_PROTOCOL_DEFAULT' },
        ])
      : {}),
    ...maybe(0.4, { redirectCode: random.pick([301, 302, 303, 307, 308]) }),
  };
}

function directResponse(random: Random): Record<string, unknown> {
  // With a location of its own the body is not recorded, so such responses have none.
  if (random.chance(0.2)) return { status: random.pick([201, 302, 304, 308]) };
  const body = random.pick<Record<string, unknown>>([
    {},
    { body: { string: 'hello' } },
    { body: { bytes: 'aGVsbG8=' } },
    { body: { string: '' } },
  ]);
  return { status: random.pick([200, 204, 404, 418, 503]), ...body };
}

const percentage = (random: Random): number => random.pick([0, 100, 50, 0.1, 12.34567, 33.333, 99.9999]);

function mirrors(random: Random, place: Place): Record<string, unknown> {
  if (random.chance(0.7)) {
    return {
      mirror: destination(random, place),
      ...(random.chance(0.5)
        ? { mirrorPercentage: { value: percentage(random) } }
        : random.chance(0.2)
          ? { mirrorPercent: random.pick([0, 10, 100]) }
          : {}),
    };
  }
  return {
    mirrors: Array.from({ length: 1 + random.below(2) }, () => ({
      destination: destination(random, place),
      ...(random.chance(0.6) ? { percentage: { value: percentage(random) } } : {}),
    })),
  };
}

function fault(random: Random): Record<string, unknown> {
  const delay = {
    delay: {
      fixedDelay: random.pick(['1s', '0.25s', '20ms', '1h']),
      ...(random.chance(0.8) ? { percentage: { value: percentage(random) } } : random.chance(0.5) ? { percent: 7 } : {}),
    },
  };
  const abort = {
    abort: { httpStatus: random.pick([400, 429, 503]), ...(random.chance(0.85) ? { percentage: { value: percentage(random) } } : {}) },
  };
  return random.pick<Record<string, unknown>>([delay, abort, { ...delay, ...abort }]);
}

function headers(random: Random): Record<string, unknown> {
  return random.pick<Record<string, unknown>>([
    { request: { set: { Host: 'set.example.com' } } },
    { request: { set: { host: 'set.example.com', 'x-a': '1' } } },
    { request: { add: { ':authority': 'add.example.com' } } },
    { request: { set: { 'x-version': 'v2' }, remove: ['end-user'] } },
    { request: { remove: ['x-env', 'cookie'] } },
    { response: { set: { 'x-served-by': 'rule' }, remove: ['server'] } },
    { request: { set: { 'x-b': '%REQ(x-env)%' } } },
  ]);
}
