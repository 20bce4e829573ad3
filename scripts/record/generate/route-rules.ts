import type { HttpMatch } from './match.ts';
import { PATH_PATTERNS, VALUE_PATTERNS } from './patterns.ts';
import type { Random } from './random.ts';
import { backendRefs, type RuleSurroundings } from './route-backends.ts';
import { routeFilters } from './route-filters.ts';
import type { StringMatch } from './string-match.ts';
import { HEADER_NAMES, HEADERS, METHODS, PATHS, QUERY } from './vocabulary.ts';

/** A rule of an HTTPRoute or GRPCRoute as it is written, and its matches as requests are aimed at them. */
export interface RouteRule {
  readonly raw: Record<string, unknown>;
  readonly matches: readonly HttpMatch[];
}

interface Matched {
  readonly raw: Record<string, unknown>;
  readonly aimed: HttpMatch;
}

export function routeRule(random: Random, around: RuleSurroundings): RouteRule {
  const count = random.weighted([
    [2, 0],
    [7, 1],
    [3, 2],
  ]);
  const made = Array.from({ length: count }, () => (around.grpc ? grpcMatch(random) : httpMatch(random)));
  const [only] = made;
  const prefix = made.length === 0 || (made.length === 1 && only !== undefined && only.aimed.uri?.prefix !== undefined);
  const filters = routeFilters(random, around, prefix && !around.grpc);
  const redirects = filters.some(({ type }) => type === 'RequestRedirect');
  const matches = made.length > 0 ? { matches: made.map(({ raw }) => raw) } : random.chance(0.2) ? { matches: [] } : {};
  return {
    raw: {
      ...(random.chance(0.15) ? { name: `rule-${random.below(1000)}` } : {}),
      ...matches,
      ...(filters.length === 0 ? {} : { filters }),
      ...(redirects || random.chance(0.05) ? {} : { backendRefs: backendRefs(random, around) }),
      ...(around.grpc ? {} : limits(random)),
    },
    matches: made.length === 0 ? [{}] : made.map(({ aimed }) => aimed),
  };
}

function limits(random: Random): Record<string, unknown> {
  const timeouts = random.chance(0.08)
    ? {
        timeouts: random.pick([{ request: '2s' }, { request: '2s', backendRequest: '1s' }, { request: '0s' }, { backendRequest: '500ms' }]),
      }
    : {};
  return { ...timeouts, ...(random.chance(0.05) ? { retry: { attempts: 2, codes: [503] } } : {}) };
}

function httpMatch(random: Random): Matched {
  const uri = random.chance(0.8) ? pathMatch(random) : undefined;
  const headers = random.chance(0.4) ? named(random, HEADERS, HEADER_NAMES.filter((name) => !name.startsWith(':')).slice(0, 9)) : [];
  const query = random.chance(0.2) ? named(random, QUERY, Object.keys(QUERY)) : [];
  const method = random.chance(0.2) ? random.pick(METHODS) : undefined;
  return {
    raw: {
      ...(uri === undefined ? {} : { path: uri.raw }),
      ...(method === undefined ? {} : { method }),
      ...(headers.length === 0 ? {} : { headers: headers.map(({ raw }) => raw) }),
      ...(query.length === 0 ? {} : { queryParams: query.map(({ raw }) => raw) }),
    },
    aimed: {
      uri: uri?.aimed ?? { prefix: '/' },
      ...(method === undefined ? {} : { method: { exact: method } }),
      ...(headers.length === 0 ? {} : { headers: aimedAt(headers) }),
      ...(query.length === 0 ? {} : { queryParams: aimedAt(query) }),
    },
  };
}

interface MatchedPath {
  readonly raw: Record<string, unknown>;
  readonly aimed: StringMatch;
}

function pathMatch(random: Random): MatchedPath {
  const path = random.pick([...PATHS.filter((one) => !/%2f/i.test(one)), '/api/v1/', '/foo/bar/baz', '/a.b', '/a+b']);
  const { regex } = random.pick(PATH_PATTERNS);
  return random.weighted<MatchedPath>([
    [6, { raw: { ...(random.chance(0.8) ? { type: 'PathPrefix' } : {}), value: path }, aimed: { prefix: path } }],
    [4, { raw: { type: 'Exact', value: path }, aimed: { exact: path } }],
    [2, { raw: { type: 'RegularExpression', value: regex }, aimed: { regex } }],
    [1, { raw: random.pick<Record<string, unknown>>([{}, { type: 'PathPrefix' }]), aimed: { prefix: '/' } }],
  ]);
}

interface Named {
  readonly raw: { readonly name: string; readonly value: string; readonly type?: string };
  readonly aimed: StringMatch;
}

function named(random: Random, values: Readonly<Record<string, readonly string[]>>, names: readonly string[]): readonly Named[] {
  return random.some(names, 1, random.chance(0.3) ? 3 : 1).map((name) => {
    const written = random.chance(0.15) ? name.toUpperCase() : name;
    const value = random.pick((values[name] ?? []).filter((one) => one !== '')) ?? 'x';
    if (random.chance(0.3)) {
      const { regex } = random.pick([...VALUE_PATTERNS, { regex: '*', yes: [], no: [] }]);
      return { raw: { type: 'RegularExpression', name: written, value: regex }, aimed: regex === '*' ? {} : { regex } };
    }
    return { raw: { ...(random.chance(0.5) ? { type: 'Exact' } : {}), name: written, value }, aimed: { exact: value } };
  });
}

const aimedAt = (all: readonly Named[]): Readonly<Record<string, StringMatch>> =>
  Object.fromEntries(all.map(({ raw, aimed }) => [raw.name, aimed]));

function grpcMatch(random: Random): Matched {
  const service = random.pick(['shop.Cart', 'shop.Reviews', 'api']);
  const method = random.pick(['Get', 'List', 'v1']);
  const headers = random.chance(0.3) ? named(random, HEADERS, HEADER_NAMES.slice(0, 4)) : [];
  const aimed = { ...(headers.length === 0 ? {} : { headers: aimedAt(headers) }) };
  const raw = headers.length === 0 ? {} : { headers: headers.map((one) => one.raw) };
  return random.weighted<Matched>([
    [2, { raw, aimed: { ...aimed, uri: { prefix: '/' } } }],
    [3, { raw: { ...raw, method: { service } }, aimed: { ...aimed, uri: { prefix: `/${service}/` } } }],
    [3, { raw: { ...raw, method: { service, method, type: 'Exact' } }, aimed: { ...aimed, uri: { exact: `/${service}/${method}` } } }],
    [2, { raw: { ...raw, method: { method } }, aimed: { ...aimed, uri: { exact: `/any.Thing/${method}` } } }],
    [
      1,
      {
        raw: { ...raw, method: { type: 'RegularExpression', service: 'shop\\..*' } },
        aimed: { ...aimed, uri: { exact: `/shop.X/${method}` } },
      },
    ],
    [1, { raw: { ...raw, method: { type: 'RegularExpression', method: 'G.*' } }, aimed: { ...aimed, uri: { exact: `/${service}/Get` } } }],
  ]);
}
