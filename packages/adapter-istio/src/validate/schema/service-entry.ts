import { port, texts, workloadSelector } from './field-types.js';
import { fields, list, map, oneOf, type Stored, text, unsigned } from './schema.js';

const endpoint = fields({
  address: text({ max: 256 }),
  labels: map(text(), 256),
  locality: text({ max: 2048 }),
  network: text({ max: 2048 }),
  ports: map(port, 128),
  serviceAccount: text({ max: 253 }),
  weight: unsigned,
});

const ports = list(
  fields({ name: text({ max: 256 }), number: port, protocol: text({ max: 256 }), targetPort: port }, { required: ['number', 'name'] }),
  { max: 256, unique: { by: 'name' } },
);

/** istio/api `customresourcedefinitions.gen.yaml`, 1.31. */
export const serviceEntry = fields(
  {
    addresses: list(text({ max: 64 }), { max: 256 }),
    endpoints: list(endpoint, { max: 4096 }),
    exportTo: texts,
    hosts: list(text(), { min: 1, max: 256 }),
    location: oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL']),
    ports,
    resolution: oneOf(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
    subjectAltNames: texts,
    workloadSelector,
  },
  { required: ['hosts'], exclusive: [['workloadSelector', 'endpoints']] },
);

export type ServiceEntry = Stored<typeof serviceEntry>;
