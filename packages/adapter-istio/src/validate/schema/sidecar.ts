import { connectionPool } from './destination-rule.js';
import { destination, serverTls, texts, workloadSelector } from './field-types.js';
import { fields, list, oneOf, text, unsigned } from './schema.js';

const port = fields({ name: text(), number: unsigned, protocol: text(), targetPort: unsigned });
const captureMode = oneOf(['DEFAULT', 'IPTABLES', 'NONE']);

/** istio/api `customresourcedefinitions.gen.yaml`, 1.31. */
export const sidecar = fields({
  egress: list(fields({ bind: text(), captureMode, hosts: texts, port }, { required: ['hosts'] })),
  inboundConnectionPool: connectionPool,
  ingress: list(
    fields({ bind: text(), captureMode, connectionPool, defaultEndpoint: text(), port, tls: serverTls }, { required: ['port'] }),
  ),
  outboundTrafficPolicy: fields({ egressProxy: destination, mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY']) }),
  workloadSelector,
});
