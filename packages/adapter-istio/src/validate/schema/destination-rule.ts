import { idleDurationFault, shortDurationFault } from '../values/duration.js';
import { anyDuration, duration, portSelector, selectorValue, textMap, texts } from './field-types.js';
import { fields, flag, list, map, number, oneOf, type Stored, text, unsigned, whole } from './schema.js';

const http = fields({
  h2UpgradePolicy: oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
  http1MaxPendingRequests: whole(),
  http2KeepAlive: fields({ interval: duration, timeout: duration }),
  http2MaxRequests: whole(),
  idleTimeout: duration,
  maxConcurrentStreams: whole(),
  maxRequestsPerConnection: whole(),
  maxRetries: whole(),
  useClientProtocol: flag,
});

const tcp = fields({
  connectTimeout: duration,
  idleTimeout: text({ check: idleDurationFault }),
  maxConnectionDuration: duration,
  maxConnections: whole(),
  tcpKeepalive: fields({ interval: duration, probes: unsigned, time: duration }),
});

export const connectionPool = fields({ http, tcp });

const counter = whole({ min: 0, max: Number.MAX_VALUE });
const cookie = fields(
  {
    attributes: list(fields({ name: text(), value: text() }, { required: ['name'] })),
    name: text(),
    path: text(),
    ttl: anyDuration,
  },
  { required: ['name'] },
);
const consistentHash = fields(
  {
    httpCookie: cookie,
    httpHeaderName: text(),
    httpQueryParameterName: text(),
    maglev: fields({ tableSize: counter }),
    minimumRingSize: counter,
    ringHash: fields({ minimumRingSize: counter }),
    useSourceIp: flag,
  },
  {
    exclusive: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);
const failover = list(fields({ from: text(), to: text() }));
const share = number({ min: 0, max: 100 });

const loadBalancer = fields(
  {
    consistentHash,
    localityLbSetting: fields({
      distribute: list(fields({ from: text(), to: map(unsigned) })),
      enabled: flag,
      failover,
      failoverPriority: texts,
    }),
    simple: oneOf(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
    warmup: fields({ aggression: number({ min: 0 }), duration, minimumPercent: share }, { required: ['duration'] }),
    warmupDurationSecs: text({ check: shortDurationFault }),
    zoneAwareLbSetting: fields({
      enabled: flag,
      failover,
      failoverPriority: texts,
      minClusterSize: whole({ min: 1, max: 2 ** 32 - 1 }),
    }),
  },
  { exclusive: [['simple', 'consistentHash']] },
);

const outlierDetection = fields({
  baseEjectionTime: duration,
  consecutive5xxErrors: unsigned,
  consecutiveErrors: whole(),
  consecutiveGatewayErrors: unsigned,
  consecutiveLocalOriginFailures: unsigned,
  interval: duration,
  maxEjectionPercent: whole(),
  minHealthPercent: whole(),
  outlierDetectionHttpErrorCodes: list(whole({ min: 100, max: 599 })),
  splitExternalLocalOriginErrors: flag,
});

const tls = fields({
  caCertificates: text(),
  caCrl: text(),
  clientCertificate: text(),
  credentialName: text(),
  insecureSkipVerify: flag,
  mode: oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  privateKey: text(),
  sni: text(),
  subjectAltNames: texts,
});

const policy = { connectionPool, loadBalancer, outlierDetection, tls };
const trafficPolicy = fields({
  ...policy,
  portLevelSettings: list(fields({ ...policy, port: portSelector }), { max: 4096 }),
  proxyProtocol: fields({ version: oneOf(['V1', 'V2']) }),
  retryBudget: fields({ budgetInterval: anyDuration, minRetryConcurrency: unsigned, percent: share }),
  tunnel: fields({ protocol: text(), targetHost: text(), targetPort: unsigned }, { required: ['targetHost', 'targetPort'] }),
});

/** istio/api `customresourcedefinitions.gen.yaml`, 1.31. */
export const destinationRule = fields(
  {
    exportTo: texts,
    host: text(),
    subsets: list(fields({ labels: textMap, name: text(), trafficPolicy }, { required: ['name'] })),
    trafficPolicy,
    workloadSelector: fields({ matchLabels: map(selectorValue, 4096) }),
  },
  { required: ['host'] },
);

export type DestinationRule = Stored<typeof destinationRule>;
export type TrafficPolicy = NonNullable<DestinationRule['trafficPolicy']>;
export type LoadBalancer = NonNullable<TrafficPolicy['loadBalancer']>;
