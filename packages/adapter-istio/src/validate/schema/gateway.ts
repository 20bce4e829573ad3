import { serverTls, textMap, texts } from './field-types.js';
import { fields, list, text, unsigned } from './schema.js';

const port = fields(
  { name: text(), number: unsigned, protocol: text(), targetPort: unsigned },
  { required: ['number', 'protocol', 'name'] },
);

/** istio/api `customresourcedefinitions.gen.yaml`, 1.31. */
export const gateway = fields({
  selector: textMap,
  servers: list(
    fields({ bind: text(), defaultEndpoint: text(), hosts: texts, name: text(), port, tls: serverTls }, { required: ['port', 'hosts'] }),
  ),
});
