import { isAddress } from '../values/addresses.js';
import { isDnsLabel, wildcardDomainFault } from '../values/names.js';

/**
 * `namespace/host`, as a Gateway or a Sidecar names hosts (istio/istio `pkg/config/validation/agent`,
 * ValidateNamespaceSlashWildcardHostname, 1.31). A Gateway may leave the namespace out, and name an address.
 */
export function scopedHostFault(written: string, of: 'gateway' | 'sidecar'): string | undefined {
  const at = written.indexOf('/');
  if (at < 0) return of === 'gateway' ? hostFault(written, of) : 'must be of the form NAMESPACE/HOST';
  const [namespace, host] = [written.slice(0, at), written.slice(at + 1)];
  if (!isScope(namespace, of)) return `${JSON.stringify(namespace)} is no namespace, and neither . nor *`;
  return hostFault(host, of);
}

/** A Sidecar may leave a namespace out with `~`. */
function isScope(namespace: string, of: 'gateway' | 'sidecar'): boolean {
  const name = of === 'sidecar' ? namespace.replace(/^~/, '') : namespace;
  return (namespace !== '' && name === '') || name === '*' || name === '.' || isDnsLabel(name);
}

function hostFault(host: string, of: 'gateway' | 'sidecar'): string | undefined {
  if (host !== '*' && !host.includes('.')) return `${JSON.stringify(host)} must be the full name of a host, or *`;
  const because = wildcardDomainFault(host);
  if (because !== undefined && !(of === 'gateway' && isAddress(host))) return because;
  return /^\*(?!\.|$)/.test(host) ? `${host} must begin with *. if it begins with *` : undefined;
}
