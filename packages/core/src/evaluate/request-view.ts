import type { Request } from '../model/match.js';
import type { PathNormalisation } from '../model/table.js';
import { normalisePath } from './normalise-path.js';

/** A request as a proxy's rules see it: the path normalised and split, headers by lower-case name. */
export interface RequestView {
  readonly request: Request;
  /** Path and query, normalised: what is sent on when nothing is rewritten. */
  readonly target: string;
  readonly path: string;
  /** All values of a header, in order; pseudo headers included. */
  header(name: string): readonly string[];
  /** The first value of a query parameter, not decoded. */
  query(name: string): string | undefined;
}

/** Envoy keeps these as one field and joins repeated ones with a comma on arrival (source/common/http/header_map_impl.h). */
const JOINED = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'forwarded',
  'grpc-timeout',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
]);

export function viewRequest(
  request: Request,
  options: { readonly normalisation?: PathNormalisation | undefined; readonly joinRepeated: boolean },
): RequestView {
  const noFragment = request.path.split('#', 1)[0] ?? '';
  const target = options.normalisation === undefined ? noFragment : normalisePath(noFragment, options.normalisation);
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const headers = collectHeaders(request, target, options.joinRepeated);
  let query: Map<string, string> | undefined;
  return {
    request,
    target,
    path,
    header: (name) => headers.get(name.toLowerCase()) ?? [],
    query: (name) => {
      query ??= parseQuery(mark < 0 ? '' : target.slice(mark + 1));
      return query.get(name);
    },
  };
}

function collectHeaders(request: Request, target: string, joinRepeated: boolean): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const [spelled, value] of request.headers) {
    const name = spelled.toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else if (joinRepeated || JOINED.has(name)) headers.set(name, [[...values, value].join(',')]);
    else values.push(value);
  }
  for (const name of [':authority', 'host']) headers.set(name, [request.authority]);
  headers.set(':method', [request.method]);
  headers.set(':path', [target]);
  headers.set(':scheme', [request.scheme]);
  return headers;
}

function parseQuery(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (key !== '' && !found.has(key)) found.set(key, equals < 0 ? '' : pair.slice(equals + 1));
  }
  return found;
}
