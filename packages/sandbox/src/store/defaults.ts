import type { KubeObject } from '@heddle/core';
import { dig, digList, digRecord } from '../dig.js';
import type { KindSpec } from './kinds.js';

const POD = { restartPolicy: 'Always', serviceAccountName: 'default', terminationGracePeriodSeconds: 30, securityContext: {} };

/** What the server fills in, as far as heddle or kubectl can tell the difference. `n`: a number that no other object has. */
export function applyDefaults(kind: KindSpec, object: KubeObject, n: number, live?: KubeObject): KubeObject {
  const spec = digRecord(object, 'spec');
  switch (kind.group === '' ? kind.kind : '') {
    case 'Service': {
      const clusterIP = spec.clusterIP ?? dig(live, 'spec.clusterIP') ?? `10.96.${(n >> 8) & 255}.${n & 255}`;
      const ports = digList(spec, 'ports').map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port }));
      return { ...object, spec: { sessionAffinity: 'None', type: 'ClusterIP', ...spec, clusterIP, clusterIPs: [clusterIP], ports } };
    }
    case 'Pod':
      return { ...object, spec: { ...POD, ...spec }, status: object.status ?? { phase: 'Pending', qosClass: 'BestEffort' } };
    case 'Secret': {
      const { stringData, ...rest } = object;
      const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
      return { ...rest, type: object.type ?? 'Opaque', data: { ...digRecord(object, 'data'), ...Object.fromEntries(encoded) } };
    }
    case 'Namespace': {
      const labels = { ...digRecord(object, 'metadata.labels'), 'kubernetes.io/metadata.name': dig(object, 'metadata.name') };
      return { ...object, metadata: { ...digRecord(object, 'metadata'), labels }, status: object.status ?? { phase: 'Active' } };
    }
    default:
      return object;
  }
}
