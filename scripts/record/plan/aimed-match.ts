import { type Match, parseRequest, quoteMeta, type Str } from '@heddle/core';
import type { Random } from '../generate/random.ts';
import type { CaseRequest } from '../routing-case.ts';

/** A match of a standing route, and how a request is made to satisfy it. */
export interface AimedMatch {
  readonly match: Match;
  aim(request: CaseRequest): CaseRequest;
}

/** A match that some request of the case satisfies, or none does; of one or two conditions. */
export function aimedMatch(random: Random, requests: readonly CaseRequest[]): AimedMatch {
  const request = random.pick(requests);
  const makers = [aimedHeader, aimedHeader, aimedPath, aimedPath, aimedMethod, aimedQuery];
  const parts = random.some(makers, 1, 2).map((make) => make(random, request));
  return {
    match: Object.assign({}, ...parts.map(({ match }) => match)),
    aim: (one) => parts.reduce((aimed, part) => part.aim(aimed), one),
  };
}

const OWN = /^(?:host|:.*|content-length|connection)$/i;

function aimedHeader(random: Random, { headers }: CaseRequest): AimedMatch {
  const known = headers.filter(([name, value]) => !OWN.test(name) && value.trim() === value && value !== '');
  const [name, value] = known.length === 0 || random.chance(0.3) ? (['x-route', 'on'] as const) : random.pick(known);
  const is = random.weighted<Str>([
    [5, { exact: value }],
    [2, { prefix: value.slice(0, 2) }],
    [2, { regex: `${quoteMeta(value.slice(0, 1))}.*` }],
    [1, { present: true }],
    [1, { absent: true }],
    [1, { not: { exact: value } }],
  ]);
  const lower = name.toLowerCase();
  const aim = (one: CaseRequest): CaseRequest => {
    const others = one.headers.filter(([other]) => other.toLowerCase() !== lower);
    return { ...one, headers: 'absent' in is || 'not' in is ? others : [...others, [name, value]] };
  };
  return { match: { headers: [{ name: lower, is }] }, aim };
}

function aimedPath(random: Random, request: CaseRequest): AimedMatch {
  const [path = '/'] = pathOf(request).split('?');
  const [, first = ''] = path.split('/');
  const match = random.weighted<NonNullable<Match['path']>>([
    [3, { kind: 'exact', value: path }],
    [3, { kind: 'segmentPrefix', value: first === '' ? '/' : `/${first}` }],
    [2, { kind: 'rawPrefix', value: path.slice(0, Math.max(1, path.length - 1)) }],
    [1, { kind: 'regex', value: `${quoteMeta(path)}.*` }],
    [1, { kind: 'exact', value: path.toLowerCase(), ignoreCase: true }],
  ]);
  return { match: { path: match }, aim: (one) => withPath(one, path) };
}

function aimedMethod(random: Random, { method }: CaseRequest): AimedMatch {
  const is = random.pick<Str>([{ exact: method }, { regex: `${method}|PUT` }]);
  return { match: { method: is }, aim: (one) => ({ ...one, method }) };
}

function aimedQuery(random: Random, request: CaseRequest): AimedMatch {
  const [path = '/', query] = pathOf(request).split('?');
  const [name = '', value = ''] = (query?.split('&')[0] ?? 'route=on').split('=');
  const is = random.pick<Str>(value === '' ? [{ exact: value }] : [{ exact: value }, { prefix: value.slice(0, 1) }]);
  return { match: { query: [{ name: name === '' ? 'route' : name, is }] }, aim: (one) => withPath(one, `${path}?${name}=${value}`) };
}

const pathOf = (request: CaseRequest): string => {
  const { path } = parseRequest(request);
  return path.startsWith('/') ? path : '/';
};

function withPath(request: CaseRequest, path: string): CaseRequest {
  const [origin = ''] = /^[a-z]+:\/\/[^/?#]+/.exec(request.url) ?? [];
  return origin === '' ? request : { ...request, url: `${origin}${path}` };
}
