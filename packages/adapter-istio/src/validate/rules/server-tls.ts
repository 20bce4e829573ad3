import type { serverTls } from '../schema/field-types.js';
import type { Stored } from '../schema/schema.js';
import { each, type Report } from './report.js';

type ServerTls = Stored<typeof serverTls>;

const SOURCES = ['serverCertificate', 'privateKey', 'caCertificates', 'tlsCertificates', 'credentialName', 'credentialNames'] as const;

/** Of a Gateway's server or a Sidecar's ingress (istio/istio `pkg/config/validation`, validateTLSOptions, 1.31, and the CRD's CEL rules). */
export function serverTlsFaults(tls: ServerTls | undefined, pointer: string, report: Report): void {
  if (tls === undefined) return;
  const { mode } = tls;
  for (const other of ['tlsCertificates', 'credentialName'] as const) {
    if (tls.credentialNames !== undefined && tls[other] !== undefined)
      report(`${pointer}/${other}`, 'must not stand beside credentialNames');
  }
  if (mode === 'ISTIO_MUTUAL') {
    const set = SOURCES.find((key) => isSet(tls[key]));
    if (set !== undefined) report(`${pointer}/${set}`, 'must not stand beside mode ISTIO_MUTUAL');
    return;
  }
  const inFiles = isSet(tls.serverCertificate) && isSet(tls.privateKey);
  const sources = [inFiles, ...[tls.credentialName, tls.credentialNames, tls.tlsCertificates].map(isSet)].filter(Boolean);
  if (sources.length > 1) report(pointer, 'must say in one way only where its certificates come from');
  const serves = mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  if (serves && (isSet(tls.credentialName) || isSet(tls.credentialNames))) return;
  if (serves) certificateFaults(tls, pointer, report);
  if (!isSet(tls.caCrl)) return;
  if (isSet(tls.credentialName)) report(`${pointer}/caCrl`, 'must not stand beside credentialName');
  if (mode === 'SIMPLE') report(`${pointer}/caCrl`, 'must not stand beside mode SIMPLE');
}

function certificateFaults(tls: ServerTls, pointer: string, report: Report): void {
  if (tls.mode !== 'SIMPLE' && !isSet(tls.caCertificates)) report(`${pointer}/caCertificates`, `there must be one for mode ${tls.mode}`);
  const list = tls.tlsCertificates ?? [];
  const pairs = list.length > 0 ? list : [tls];
  each(pairs, `${pointer}/tlsCertificates`, (pair, at) => {
    const place = list.length > 0 ? at : pointer;
    for (const key of ['serverCertificate', 'privateKey'] as const) {
      if (!isSet(pair[key])) report(`${place}/${key}`, `there must be one for mode ${tls.mode}`);
    }
  });
}

const isSet = (value: string | readonly unknown[] | undefined): boolean => value !== undefined && value.length > 0;
