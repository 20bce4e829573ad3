import { destination, duration, percent, stringMatch, textMap, texts } from './field-types.js';
import { fields, flag, list, map, oneOf, type Stored, text, unsigned, whole } from './schema.js';

const headerChanges = fields({ add: textMap, remove: texts, set: textMap });
const headers = fields({ request: headerChanges, response: headerChanges });

const match = fields({
  authority: stringMatch,
  gateways: texts,
  headers: map(stringMatch),
  ignoreUriCase: flag,
  method: stringMatch,
  name: text(),
  port: unsigned,
  queryParams: map(stringMatch),
  scheme: stringMatch,
  sourceLabels: textMap,
  sourceNamespace: text(),
  statPrefix: text(),
  uri: stringMatch,
  withoutHeaders: map(stringMatch),
});

const corsPolicy = fields({
  allowCredentials: flag,
  allowHeaders: texts,
  allowMethods: texts,
  allowOrigin: texts,
  allowOrigins: list(stringMatch),
  exposeHeaders: texts,
  maxAge: duration,
  unmatchedPreflights: oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const bytes = text({ min: 1, check: (value) => (BASE64.test(value) ? undefined : 'must be base64') });

const fault = fields({
  abort: fields(
    { grpcStatus: text(), http2Error: text(), httpStatus: whole(), percentage: percent },
    { exclusive: [['httpStatus', 'grpcStatus', 'http2Error']] },
  ),
  delay: fields(
    { exponentialDelay: duration, fixedDelay: duration, percent: whole(), percentage: percent },
    { exclusive: [['fixedDelay', 'exponentialDelay']] },
  ),
});

export const retries = fields({
  attempts: whole(),
  backoff: duration,
  perTryTimeout: duration,
  retryIgnorePreviousHosts: flag,
  retryOn: text(),
  retryRemoteLocalities: flag,
});

const http = fields({
  corsPolicy,
  delegate: fields({ name: text(), namespace: text() }),
  directResponse: fields(
    { body: fields({ bytes, string: text() }, { exclusive: [['string', 'bytes']] }), status: unsigned },
    { required: ['status'] },
  ),
  fault,
  headers,
  match: list(match),
  mirror: destination,
  mirrorPercent: unsigned,
  mirror_percent: unsigned,
  mirrorPercentage: percent,
  mirrors: list(fields({ destination, percentage: percent }, { required: ['destination'] })),
  name: text(),
  redirect: fields(
    {
      authority: text(),
      derivePort: oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
      port: unsigned,
      prefixRewrite: text(),
      redirectCode: unsigned,
      scheme: text(),
      uri: text(),
    },
    { exclusive: [['port', 'derivePort']] },
  ),
  retries,
  rewrite: fields({ authority: text(), uri: text(), uriRegexRewrite: fields({ match: text(), rewrite: text() }) }),
  route: list(fields({ destination, headers, weight: whole() }, { required: ['destination'] })),
  timeout: duration,
});

const connectionMatch = {
  destinationSubnets: texts,
  gateways: texts,
  port: unsigned,
  sourceLabels: textMap,
  sourceNamespace: text(),
};
const routes = list(fields({ destination, weight: whole() }, { required: ['destination'] }));
const tcp = fields({ match: list(fields({ ...connectionMatch, sourceSubnet: text() })), route: routes });
const tls = fields(
  { match: list(fields({ ...connectionMatch, sniHosts: texts }, { required: ['sniHosts'] })), route: routes },
  { required: ['match'] },
);

/** istio/api `customresourcedefinitions.gen.yaml`, 1.31. */
export const virtualService = fields({
  exportTo: texts,
  gateways: texts,
  hosts: texts,
  http: list(http),
  tcp: list(tcp),
  tls: list(tls),
});

export type VirtualService = Stored<typeof virtualService>;
export type HttpRule = NonNullable<VirtualService['http']>[number];
