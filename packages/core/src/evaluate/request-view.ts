import type { Request } from '../model/match.js';
import type { PathNormalisation } from '../model/table.js';
import { isMalformed, normalisePath } from './normalise-path.js';
import { type ProxyHeaders, proxyHeaders } from './proxy-headers.js';

/** A request as a proxy's rules see it: the path normalised and split, headers by lower-case name. */
export interface RequestView {
  readonly request: Request;
  /** Path and query, normalised: what is sent on when nothing is rewritten. */
  readonly target: string;
  readonly path: string;
  readonly headers: ProxyHeaders;
  /** What the proxy answers before it looks at any rule, and why. */
  readonly refused: { readonly status: 400 | 404; readonly because: string } | undefined;
  /** All values of a header, in order; pseudo headers included. */
  header(name: string): readonly string[];
  /** The first value of a query parameter, not decoded. */
  query(name: string): string | undefined;
}

export interface ViewOptions {
  readonly normalisation?: PathNormalisation | undefined;
  /** An Envoy before 1.39: repeated headers count as one, joined with a comma, and `..;x` is no `..`. */
  readonly joinRepeated: boolean;
  /** Whether the proxy is a gateway, which takes no caller's word for who it is. */
  readonly edge: boolean;
}

export function viewRequest(request: Request, options: ViewOptions): RequestView {
  const noFragment = request.path.split('#', 1)[0] ?? '';
  const target = options.normalisation === undefined ? noFragment : normalisePath(noFragment, options.normalisation, options.joinRepeated);
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const headers = proxyHeaders(request, target, options);
  let query: Map<string, string> | undefined;
  return {
    request,
    target,
    path,
    headers,
    refused: refusal(noFragment, headers, options),
    header: (name) => headers.values.get(name.toLowerCase()) ?? [],
    query: (name) => {
      query ??= parseQuery(mark < 0 ? '' : target.slice(mark + 1));
      return query.get(name);
    },
  };
}

/** No route is looked for where the protocol is empty (envoy `source/common/router/config_impl.cc`, `getRouteFromEntries`). Observed with Envoy 1.40. */
function refusal(target: string, { forwardedProto }: ProxyHeaders, { normalisation }: ViewOptions): RequestView['refused'] {
  if (normalisation !== undefined && isMalformed(target)) return { status: 400, because: 'the path holds %00' };
  return forwardedProto === '' ? { status: 404, because: 'header x-forwarded-proto is empty' } : undefined;
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
