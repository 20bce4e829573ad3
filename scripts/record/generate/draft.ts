import type { CaseRequest } from '../routing-case.ts';
import type { HttpMatch } from './match.ts';
import type { Random } from './random.ts';
import { beside, type StringMatch, satisfying } from './string-match.ts';
import { METHODS } from './vocabulary.ts';

/** A request while it is aimed at a match. */
export interface Draft {
  method: string;
  host: string;
  port: number;
  path: string;
  query: [name: string, value: string | undefined][];
  headers: [name: string, value: string][];
}

/** Makes a request fit a match, where that is in the request's power. */
export function aim(draft: Draft, match: HttpMatch, random: Random): void {
  const put = (is: StringMatch | undefined, set: (value: string) => void) => {
    const value = is === undefined ? undefined : satisfying(is, random);
    if (value !== undefined) set(value);
  };
  put(match.uri, (value) => setPath(draft, match.ignoreUriCase === true && random.chance(0.5) ? value.toUpperCase() : value));
  put(match.method, (value) => setMethod(draft, value));
  put(match.authority, (value) => setHeader(draft, 'Host', value));
  for (const [name, is] of Object.entries(match.headers ?? {})) put(is, (value) => setHeader(draft, name, value));
  for (const [name, is] of Object.entries(match.queryParams ?? {})) put(is, (value) => setQuery(draft, name, value));
  if (match.port !== undefined && random.chance(0.7)) draft.port = match.port;
}

/** Takes the request just beside one of the match's conditions. */
export function disturb(draft: Draft, match: HttpMatch, random: Random): void {
  const ways: (() => void)[] = [];
  const { uri, method, authority } = match;
  if (uri !== undefined) ways.push(() => setPath(draft, beside(uri, random)));
  if (method !== undefined) ways.push(() => setMethod(draft, beside(method, random)));
  if (authority !== undefined) ways.push(() => setHeader(draft, 'Host', beside(authority, random)));
  for (const [name, is] of Object.entries(match.headers ?? {})) ways.push(() => disturbHeader(draft, name, is, random));
  for (const [name, is] of Object.entries(match.withoutHeaders ?? {})) {
    ways.push(
      () => setHeader(draft, name, satisfying(is, random) ?? 'x'),
      () => disturbHeader(draft, name, is, random),
    );
  }
  for (const [name, is] of Object.entries(match.queryParams ?? {})) ways.push(() => disturbQuery(draft, name, is, random));
  if (ways.length > 0) random.pick(ways)();
}

function disturbHeader(draft: Draft, name: string, is: StringMatch, random: Random): void {
  const fitting = satisfying(is, random) ?? 'x';
  const near = beside(is, random);
  random.pick([
    () => dropHeader(draft, name),
    () => setHeader(draft, name, near),
    () => setHeader(draft, name.toUpperCase(), near),
    () => setHeader(draft, name, ''),
    () => repeat(draft, name, random.shuffled([fitting, near])),
    () => repeat(draft, name, [fitting, fitting]),
    () => repeat(draft, name, random.shuffled([fitting, ''])),
    () => setHeader(draft, name, ` ${fitting} `),
  ])();
}

function disturbQuery(draft: Draft, name: string, is: StringMatch, random: Random): void {
  const fitting = satisfying(is, random) ?? 'x';
  const near = beside(is, random);
  random.pick([
    () => setQuery(draft, name, near),
    () => setQuery(draft, name, undefined),
    () => setQuery(draft, name.toUpperCase(), fitting),
    () => draft.query.push([name, near]),
    () => draft.query.unshift([name, near]),
    () => setQuery(draft, name, encodeURIComponent(`${fitting} `)),
    () => {
      draft.query = [];
    },
  ])();
}

/** Pseudo headers are parts of the request line; a client does not send them. */
export function setHeader(draft: Draft, name: string, value: string): void {
  if (name === ':method') setMethod(draft, value);
  else if (name === ':path') setPath(draft, value);
  else if (name === ':authority') setHeader(draft, 'Host', value);
  else if (!name.startsWith(':')) {
    if (name.toLowerCase() === 'host' && !/^[a-z0-9.:-]+$/i.test(value)) return;
    dropHeader(draft, name);
    draft.headers.push([name, value]);
  }
}

function repeat(draft: Draft, name: string, values: readonly string[]): void {
  if (name.startsWith(':') || name.toLowerCase() === 'host') return;
  dropHeader(draft, name);
  for (const value of values) draft.headers.push([name, value]);
}

function dropHeader(draft: Draft, name: string): void {
  draft.headers = draft.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
}

const setMethod = (draft: Draft, method: string): void => {
  // Envoy's parser refuses methods that it does not know; HEAD has no body that could say who answered.
  if ((METHODS as readonly string[]).includes(method)) draft.method = method;
};

const setQuery = (draft: Draft, name: string, value: string | undefined): void => {
  draft.query = [...draft.query.filter(([other]) => other !== name), [name, value]];
};

function setPath(draft: Draft, written: string): void {
  // A broken escape is answered by the backend's own parser, not by a proxy.
  const [path = '', query] = written
    .replace(/ /g, '%20')
    .replace(/%(?![0-9a-f]{2})/gi, '')
    .split('?', 2);
  draft.path = path.startsWith('/') || path === '' ? path : `/${path}`;
  if (query !== undefined) draft.query = query === '' ? [] : [query.split('=', 2) as [string, string | undefined]];
}

export function requestOf({ method, host, port, path, query, headers }: Draft, written: boolean): CaseRequest {
  const authority = port === 80 && !written ? host : `${host}:${port}`;
  const rooted = path === '' || path.startsWith('/') ? path : `/${path}`;
  const asked = query.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join('&');
  return { method, url: `http://${authority}${rooted}${asked === '' ? '' : `?${asked.replace(/ /g, '%20')}`}`, headers };
}
