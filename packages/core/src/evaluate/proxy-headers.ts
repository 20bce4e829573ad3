import type { Request } from '../model/match.js';

/** Request headers as a proxy's rules see them, by lower-case name; `guessed` are those whose value only the proxy knows. */
export interface ProxyHeaders {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly guessed: ReadonlySet<string>;
  /** The scheme that the proxy takes the request to have. */
  readonly scheme: string;
  /** `x-forwarded-proto` as it stands after the proxy looked at it. */
  readonly forwardedProto: string;
}

/** Headers that Envoy keeps in one field and joins with a comma on arrival, so that rules never see their values apart; empty ones leave no trace. Observed with Envoy 1.40. */
const JOINED = new Set(
  (
    'accept accept-encoding access-control-request-headers access-control-request-method authorization cache-control cdn-loop ' +
    'content-encoding content-type grpc-accept-encoding grpc-timeout if-match if-modified-since if-none-match if-range ' +
    'if-unmodified-since origin pragma referer user-agent via x-client-trace-id x-envoy-attempt-count x-envoy-decorator-operation ' +
    'x-envoy-downstream-service-cluster x-envoy-downstream-service-node x-envoy-external-address x-envoy-original-path ' +
    'x-envoy-original-host x-envoy-is-timeout-retry x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id'
  ).split(' '),
);

/** Headers that Envoy takes from requests of callers that it does not trust, before it looks at rules. Observed with Envoy 1.40. */
const STRIPPED = new Set(
  (
    'keep-alive proxy-connection x-envoy-expected-rq-timeout-ms x-envoy-force-trace x-envoy-hedge-on-per-try-timeout x-envoy-internal ' +
    'x-envoy-ip-tags x-envoy-max-retries x-envoy-original-url x-envoy-retriable-header-names x-envoy-retriable-status-codes ' +
    'x-envoy-retry-grpc-on x-envoy-retry-on x-envoy-upstream-alt-stat-name x-envoy-upstream-rq-per-try-timeout-ms ' +
    'x-envoy-upstream-rq-timeout-alt-response x-envoy-upstream-rq-timeout-ms x-envoy-upstream-stream-duration-ms x-forwarded-client-cert'
  ).split(' '),
);

const MADE_UP_ID = '00000000-0000-4000-8000-000000000000';
const CLIENT_ADDRESS = 'client-address';

/**
 * What Envoy's HTTP connection manager makes of headers (envoy `source/common/http/conn_manager_utility.cc`): hop-by-hop headers go,
 * a request id and the protocol are there always. A gateway trusts nobody: it sets the protocol and the id itself and adds the
 * client's address.
 */
export function proxyHeaders(
  request: Request,
  target: string,
  options: { readonly joinRepeated: boolean; readonly edge: boolean },
): ProxyHeaders {
  const values = collect(request, options.joinRepeated);
  const guessed = new Set<string>();
  const guess = (name: string, value: string) => {
    values.set(name, [value]);
    guessed.add(name);
  };
  if (options.edge || !values.has('x-forwarded-proto')) values.set('x-forwarded-proto', [request.scheme]);
  if (options.edge || !values.has('x-request-id')) guess('x-request-id', MADE_UP_ID);
  if (options.edge) {
    const before = values.get('x-forwarded-for') ?? [];
    guess('x-forwarded-for', [...before, CLIENT_ADDRESS].join(','));
    guess('x-envoy-external-address', CLIENT_ADDRESS);
  }
  const [forwardedProto = request.scheme] = values.get('x-forwarded-proto') ?? [];
  const lower = forwardedProto.toLowerCase();
  const scheme = lower === 'http' || lower === 'https' ? lower : request.scheme;
  for (const name of [':authority', 'host']) values.set(name, [request.authority]);
  values.set(':method', [request.method]);
  values.set(':path', [target]);
  values.set(':scheme', [scheme]);
  return { values, guessed, scheme, forwardedProto };
}

function collect(request: Request, joinRepeated: boolean): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [spelled, value] of request.headers) {
    const name = spelled.toLowerCase();
    if (STRIPPED.has(name)) continue;
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else if (JOINED.has(name)) found.set(name, [[...values, value].filter((one) => one !== '').join(',')]);
    else if (joinRepeated) found.set(name, [[...values, value].join(',')]);
    else values.push(value);
  }
  if (!isUpgrade(found)) for (const name of ['connection', 'upgrade']) found.delete(name);
  if (found.get('te')?.some((value) => value.toLowerCase() === 'trailers') !== true) found.delete('te');
  return found;
}

function isUpgrade(headers: ReadonlyMap<string, readonly string[]>): boolean {
  const tokens = (headers.get('connection') ?? []).flatMap((value) => value.split(',').map((token) => token.trim().toLowerCase()));
  return headers.has('upgrade') && tokens.includes('upgrade');
}
