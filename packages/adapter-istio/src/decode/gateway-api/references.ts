import { number, type Raw, text } from '../raw.js';

/** A reference of the Gateway API with what its schema fills in. */
export interface Reference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number | undefined;
}

export const GATEWAY_API = 'gateway.networking.k8s.io';

/** A route's parent: a Gateway where it does not say; `kind: Service` without `group: ''` is none that Istio knows. */
export const parentReference = (raw: Raw, namespace: string): Reference =>
  reference(raw, namespace, { group: GATEWAY_API, kind: 'Gateway' });

/** Where a rule sends to: a Service where it does not say. */
export const backendReference = (raw: Raw, namespace: string): Reference => reference(raw, namespace, { group: '', kind: 'Service' });

function reference(raw: Raw, namespace: string, byDefault: { readonly group: string; readonly kind: string }): Reference {
  return {
    group: typeof raw.group === 'string' ? raw.group : byDefault.group,
    kind: text(raw.kind) || byDefault.kind,
    namespace: text(raw.namespace) || namespace,
    name: text(raw.name),
    port: number(raw.port),
  };
}

export const isService = ({ group, kind }: Reference): boolean => group === '' && kind === 'Service';

export const isServiceEntry = ({ group, kind }: Reference): boolean => group === 'networking.istio.io' && kind === 'ServiceEntry';

/** What requests from outside come in by: a Gateway, or listeners that are added to one. */
export const isGateway = ({ group, kind }: Reference): boolean =>
  (group === GATEWAY_API || group === 'gateway.networking.x-k8s.io') && ['Gateway', 'ListenerSet', 'XListenerSet'].includes(kind);
