import type { TrafficPolicy } from '../schema/destination-rule.js';
import { isAddress } from '../values/addresses.js';
import { domainFault } from '../values/names.js';
import { connectionPoolFaults } from './connection-pool.js';
import { portFault } from './fields.js';
import { loadBalancerFaults } from './load-balancer.js';
import { each, type Report } from './report.js';

type PortPolicy = Pick<TrafficPolicy, 'connectionPool' | 'loadBalancer' | 'outlierDetection' | 'tls'>;

/** istio/istio `pkg/config/validation`, validateTrafficPolicy, 1.31; an empty list counts as absent. */
export function trafficPolicyFaults(policy: TrafficPolicy | undefined, pointer: string, namespace: string, report: Report): void {
  if (policy === undefined) return;
  const { portLevelSettings = [], tunnel, proxyProtocol } = policy;
  if (portLevelSettings.length === 0 && Object.keys(policy).every((key) => key === 'portLevelSettings')) {
    report(pointer, 'must say something');
    return;
  }
  if (tunnel !== undefined && proxyProtocol !== undefined) report(`${pointer}/proxyProtocol`, 'must not stand beside tunnel');
  settingsFaults(policy, pointer, namespace, report);
  each(portLevelSettings, `${pointer}/portLevelSettings`, (settings, at) => {
    if (settings.port === undefined) report(`${at}/port`, 'there must be one');
    if (Object.keys(settings).every((key) => key === 'port')) report(at, 'must say something of its port');
    settingsFaults(settings, at, namespace, report);
  });
  if (tunnel === undefined) return;
  const { protocol = '', targetHost = '', targetPort = 0 } = tunnel;
  if (!['', 'CONNECT', 'POST'].includes(protocol)) report(`${pointer}/tunnel/protocol`, `must be CONNECT or POST, not ${protocol}`);
  if (!isAddress(targetHost)) report(`${pointer}/tunnel/targetHost`, domainFault(targetHost));
  report(`${pointer}/tunnel/targetPort`, portFault(targetPort));
}

function settingsFaults(settings: PortPolicy, pointer: string, namespace: string, report: Report): void {
  outlierFaults(settings.outlierDetection, `${pointer}/outlierDetection`, report);
  connectionPoolFaults(settings.connectionPool, `${pointer}/connectionPool`, report);
  loadBalancerFaults(settings.loadBalancer, `${pointer}/loadBalancer`, report);
  clientTlsFaults(settings.tls, `${pointer}/tls`, namespace, report);
}

function outlierFaults(outlier: PortPolicy['outlierDetection'], pointer: string, report: Report): void {
  if (outlier === undefined) return;
  const { consecutiveLocalOriginFailures = 0, splitExternalLocalOriginErrors = false } = outlier;
  if (consecutiveLocalOriginFailures > 0 && !splitExternalLocalOriginErrors)
    report(`${pointer}/consecutiveLocalOriginFailures`, 'needs splitExternalLocalOriginErrors: true');
  for (const key of ['maxEjectionPercent', 'minHealthPercent'] as const) {
    const value = outlier[key] ?? 0;
    if (value < 0 || value > 100) report(`${pointer}/${key}`, `must be between 0 and 100, not ${value}`);
  }
}

const CONFIG_MAP = 'configmap://';

/** istio/istio `pkg/config/validation/agent`, ValidateTLS, 1.31. */
function clientTlsFaults(tls: PortPolicy['tls'], pointer: string, namespace: string, report: Report): void {
  if (tls === undefined) return;
  const { mode, credentialName = '', caCertificates = '', clientCertificate = '', privateKey = '', caCrl = '' } = tls;
  const byName = credentialName !== '';
  if (credentialName.startsWith(CONFIG_MAP)) {
    const [home, name = ''] = credentialName.slice(CONFIG_MAP.length).split('/');
    if (home === '' || home !== namespace || name === '')
      report(`${pointer}/credentialName`, `must be ${CONFIG_MAP}${namespace}/NAME: a ConfigMap of its own namespace`);
  }
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
  const checked = caCertificates !== '' || (tls.subjectAltNames ?? []).length > 0 || (mode === 'SIMPLE' && byName);
  if (tls.insecureSkipVerify === true && checked)
    report(`${pointer}/insecureSkipVerify`, 'must not be true beside what a certificate is checked by');
  if (byName) {
    if (clientCertificate + caCertificates + privateKey + caCrl !== '')
      report(`${pointer}/credentialName`, 'must not stand beside certificates and keys in files');
    return;
  }
  if (mode === 'MUTUAL' && clientCertificate === '') report(`${pointer}/clientCertificate`, 'there must be one for mode MUTUAL');
  if (mode === 'MUTUAL' && privateKey === '') report(`${pointer}/privateKey`, 'there must be one for mode MUTUAL');
}
