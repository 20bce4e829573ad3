import type { Random } from './random.ts';

export const NAMESPACES = ['default', 'shop', 'other'] as const;
export const ROOT = 'istio-system';
export const DOMAIN = 'cluster.local';

export const VERSIONS = ['v1', 'v2', 'v3'] as const;
export const SERVICE_NAMES = ['reviews', 'ratings', 'cart'] as const;
/** Names that no Service has. */
export const OUTSIDE = ['api.example.com', 'www.example.com', 'shop.example.com', 'unknown', 'reviews.example.org'] as const;

/** Paths that overlap: raw prefixes of each other, other letter case, escapes, dots, empty segments, trailing slashes. */
export const PATHS = [
  '/',
  '/api',
  '/api/',
  '/apix',
  '/API',
  '/api/v1',
  '/api/v1/items',
  '/api/v12',
  '/foo',
  '/foo/bar',
  '/static/x.css',
  '/a%2Fb',
  '/a b'.replace(' ', '%20'),
] as const;

/** Written by clients only: Envoy normalises some of these before it looks at rules. */
export const ODD_PATHS = [
  '/%61pi',
  '/a/../api',
  '/./api',
  '/api/..',
  '/..',
  '//api',
  '/api//v1',
  '/api;v=1',
  '/api/..;/foo',
  '/%2e%2e/api',
  '/api%2Fv1',
  '/api%5cv1',
  '/api\\v1',
  '/%7Eme',
  '/a+b',
  '/%C3%A9',
  '/api/%2E/v1',
  '/x-y_z~1',
  '/?',
  '',
] as const;

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

/** Header names that rules ask for; values come with them so that several rules look at the same ones. */
export const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'end-user': ['jason', 'jasox', 'mary'],
  'x-version': ['v1', 'v2', 'v10'],
  'x-env': ['dev', 'dev-1', 'prod'],
  'x-flag': ['', '1', 'true'],
  cookie: ['user=jason', 'a=b; user=jason; c=d', 'session=1'],
  'user-agent': ['curl/8.1.0', 'Mozilla/5.0 (X11)', 'heddle'],
  accept: ['text/html', 'application/json'],
  'x-dup': ['a', 'b', 'a,b'],
  x_under: ['1', 'a b'],
  'content-type': ['application/json', 'application/grpc'],
  'x-forwarded-proto': ['http', 'https'],
  'x-forwarded-for': ['10.0.0.1'],
  ':authority': ['reviews', 'api.example.com', 'ratings:9080'],
  ':method': ['GET', 'POST'],
  ':path': ['/api', '/foo?x=1'],
  ':scheme': ['http'],
};

export const QUERY: Readonly<Record<string, readonly string[]>> = {
  v: ['1', '2', ''],
  debug: ['true', '1'],
  q: ['a b'.replace(' ', '%20'), 'a+b', 'x'],
};

export const HEADER_NAMES = Object.keys(HEADERS);
/** Most conditions are on headers of a request's own. */
export const headerName = (random: Random): string =>
  random.chance(0.85) ? random.pick(HEADER_NAMES.slice(0, 9)) : random.pick(HEADER_NAMES.slice(9));
