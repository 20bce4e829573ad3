/** Regular expressions by what they are asked of, with values that they match and values just beside. */
export interface Pattern {
  readonly regex: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

export const PATH_PATTERNS: readonly Pattern[] = [
  { regex: '/api/.*', yes: ['/api/', '/api/v1', '/api//v1'], no: ['/api', '/x/api/'] },
  { regex: '.*', yes: ['/', '/anything'], no: [] },
  { regex: '/(a|api)/.+', yes: ['/a/b', '/api/v1'], no: ['/a/', '/apix/b'] },
  { regex: '/api/v[0-9]+', yes: ['/api/v1', '/api/v12'], no: ['/api/v', '/api/v1/items', '/api/vx'] },
  { regex: '(?i)/api(/.*)?', yes: ['/API', '/Api/v1'], no: ['/apix'] },
  { regex: '/foo|/api', yes: ['/foo', '/api'], no: ['/foo/bar', '/fooapi'] },
  { regex: '^/foo$', yes: ['/foo'], no: ['/foo/', '/xfoo'] },
  { regex: '/[^/]+\\.css', yes: ['/x.css'], no: ['/static/x.css', '/xcss'] },
  { regex: '.*/items', yes: ['/items', '/api/v1/items'], no: ['/api/v1/items/1'] },
  { regex: '/\\w+/\\d*', yes: ['/foo/', '/api/12'], no: ['/foo', '/foo/bar'] },
];

export const VALUE_PATTERNS: readonly Pattern[] = [
  { regex: '.*', yes: ['', 'x'], no: [] },
  { regex: '.+', yes: ['x'], no: [''] },
  { regex: 'v[0-9]+', yes: ['v1', 'v10'], no: ['v', 'xv1', 'v1x', 'V1'] },
  { regex: '.*user=jason.*', yes: ['user=jason', 'a=b; user=jason; c=d'], no: ['user=jasox'] },
  { regex: '^(.*?;)?(user=jason)(;.*)?$', yes: ['user=jason', 'a;user=jason;b'], no: ['xuser=jason'] },
  { regex: '(?i)JASON', yes: ['jason', 'Jason'], no: ['jaso'] },
  { regex: 'dev|prod', yes: ['dev', 'prod'], no: ['dev-1', 'xprod'] },
  { regex: 'curl/[0-9.]+', yes: ['curl/8.1.0'], no: ['curl/', 'Mozilla/5.0 (X11)'] },
  { regex: '[a-z]{2,4}', yes: ['ab', 'abcd'], no: ['a', 'abcde'] },
  { regex: '(a|b),?(a|b)?', yes: ['a', 'a,b'], no: ['c', 'a,b,a'] },
  { regex: '\\S*', yes: ['', 'abc'], no: ['a b'] },
];

export const HOST_PATTERNS: readonly Pattern[] = [
  { regex: '.*\\.example\\.com', yes: ['api.example.com'], no: ['example.com', 'api.example.com:80'] },
  { regex: 'reviews.*', yes: ['reviews', 'reviews.default:9080'], no: ['Reviews', 'xreviews'] },
  { regex: '[^:]+(:[0-9]+)?', yes: ['reviews', 'ratings:9080'], no: ['a:b'] },
];

export const METHOD_PATTERNS: readonly Pattern[] = [
  { regex: 'GET|POST', yes: ['GET', 'POST'], no: ['PUT', 'OPTIONS'] },
  { regex: 'P.*', yes: ['POST', 'PUT', 'PATCH'], no: ['GET'] },
];

const ALL = new Map([...PATH_PATTERNS, ...VALUE_PATTERNS, ...HOST_PATTERNS, ...METHOD_PATTERNS].map((one) => [one.regex, one]));

/** A pattern with its examples; of one that is not listed none are known. */
export const patternOf = (regex: string): Pattern => ALL.get(regex) ?? { regex, yes: [], no: [] };
