import { backend, extensionRef, headerMatches, headerModifier, hostname, parentRef, requestMirror, subdomain } from './route-fields.js';
import { fields, list, oneOf, type Stored, text, whole, withFallback } from './schema.js';

const filters = list(
  fields(
    {
      extensionRef,
      requestHeaderModifier: headerModifier,
      requestMirror,
      responseHeaderModifier: headerModifier,
      type: oneOf(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'ExtensionRef']),
    },
    { required: ['type'] },
  ),
  { max: 16 },
);
const method = fields({
  method: text({ max: 1024 }),
  service: text({ max: 1024 }),
  type: withFallback(oneOf(['Exact', 'RegularExpression']), 'Exact'),
});
const rule = fields({
  backendRefs: list(fields({ ...backend, filters, weight: whole({ min: 0, max: 1_000_000 }) }, { required: ['name'] }), { max: 16 }),
  filters,
  matches: list(fields({ headers: headerMatches, method }), { max: 64 }),
  name: subdomain,
});

/** kubernetes-sigs/gateway-api `config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml`, 1.6. */
export const grpcRoute = fields({
  hostnames: list(hostname, { max: 16 }),
  parentRefs: list(parentRef, { max: 32 }),
  rules: list(rule, { max: 16 }),
});

export type GrpcRoute = Stored<typeof grpcRoute>;
