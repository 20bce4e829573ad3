import { anyDurationFault, durationFault } from '../values/duration.js';
import { type Check, fields, flag, list, map, number, oneOf, text, unsigned, whole } from './schema.js';

/** A duration of whole milliseconds, 1 at least. */
export const duration = text({ check: durationFault });
export const anyDuration = text({ check: anyDurationFault });

export const texts = list(text());
export const textMap = map(text());
export const percent = fields({ value: number() });

const portFault: Check<number> = (port) => (port >= 1 && port <= 65_535 ? undefined : `must be between 1 and 65535, not ${port}`);
export const port = whole({ min: 0, max: 2 ** 32 - 1, check: portFault });

export const portSelector = fields({ number: unsigned });
export const destination = fields({ host: text(), port: portSelector, subset: text() }, { required: ['host'] });
export const stringMatch = fields({ exact: text(), prefix: text(), regex: text() }, { exclusive: [['exact', 'prefix', 'regex']] });

/** A label's value, as selectors of proxies take it. */
export const selectorValue = text({ max: 63, check: (value) => (value.includes('*') ? 'must hold no *' : undefined) });
export const workloadSelector = fields({ labels: map(selectorValue, 256) });

/** Of a Gateway's server or a Sidecar's ingress. */
export const serverTls = fields({
  caCertCredentialName: text(),
  caCertificates: text(),
  caCrl: text(),
  cipherSuites: texts,
  credentialName: text(),
  credentialNames: list(text(), { min: 1, max: 2 }),
  httpsRedirect: flag,
  insecureSkipVerify: flag,
  maxProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
  minProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
  mode: oneOf(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
  privateKey: text(),
  serverCertificate: text(),
  subjectAltNames: texts,
  tlsCertificates: list(fields({ caCertificates: text(), privateKey: text(), serverCertificate: text() }), { min: 1, max: 2 }),
  verifyCertificateHash: texts,
  verifyCertificateSpki: texts,
});
