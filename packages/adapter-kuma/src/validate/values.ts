/** Methods that an HTTP route can ask for (kuma `meshhttproute/api/v1alpha1`, Method, 2.14). */
export const METHODS: readonly string[] = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** Names of headers as the CRD takes them (kuma `api/common/v1alpha1`, HeaderName, 2.14). */
export const HEADER_NAME = /^[a-z0-9!#$%&'*+\-.^_`|~]{1,256}$/;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const HOSTNAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

/** Whether it is a name as the Gateway API takes one (PreciseHostname): no address. */
export const isHostname = (host: string): boolean => HOSTNAME.test(host) && !/^\d+(\.\d+){3}$/.test(host);
