const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const WILDCARD_LABEL = new RegExp(`^(?:\\*|(?:\\*-?)?${LABEL})$`);
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LONGEST_LABEL = 63;
const LONGEST_PREFIX = 253;
const LONGEST_DOMAIN = 255;
const ONLY_DIGITS_FIT = 2n ** 63n;

/** One part of a host's name (istio/istio `pkg/config/labels`, IsDNS1123Label, 1.31); upper case is one too. */
export const isDnsLabel = (value: string): boolean => value.length <= LONGEST_LABEL && DNS_LABEL.test(value);

/** The name of a host in full, without `*` (istio/istio `pkg/config/validation/agent`, ValidateFQDN, 1.31). */
export function domainFault(domain: string): string | undefined {
  return sizeFault(domain) ?? partsFault(domain, domain.split('.'));
}

/** The same, where the first part may be `*`, `*-a` or `*a` (ValidateWildcardDomain). */
export function wildcardDomainFault(domain: string): string | undefined {
  const [first = '', ...others] = domain.split('.');
  if (domain.length > 0 && !(first.length <= LONGEST_LABEL && WILDCARD_LABEL.test(first))) return noName(domain, first);
  return sizeFault(domain) ?? (others.length === 0 ? undefined : partsFault(domain, others));
}

function sizeFault(domain: string): string | undefined {
  if (domain === '') return 'must be the name of a host, and is empty';
  const bytes = Buffer.byteLength(domain);
  return bytes > LONGEST_DOMAIN ? `must be ${LONGEST_DOMAIN} bytes at most, not ${bytes}` : undefined;
}

/** A dot may end the whole name. */
function partsFault(domain: string, parts: readonly string[]): string | undefined {
  const last = parts.at(-1) ?? '';
  if (/^\d+$/.test(last) && BigInt(last) < ONLY_DIGITS_FIT) return `${domain} is no name of a host: its last part is a number`;
  const odd = parts.find((part, index) => !(part === '' && index === parts.length - 1) && !isDnsLabel(part));
  return odd === undefined ? undefined : noName(domain, odd);
}

const noName = (domain: string, part: string): string => `${shown(domain)} is no name of a host: its part ${shown(part)} is none`;

/** A name that is no host's is shown in quotes. */
const shown = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);

/** Names are the same, or one is a wildcard that takes in the other (istio/istio `pkg/config/host`, Matches, 1.31). */
export function hostsOverlap(a: string, b: string): boolean {
  if (!a.startsWith('*') && !b.startsWith('*')) return a === b;
  return isWithin(a, b) || isWithin(b, a);
}

/** Whether every host of the first name is one of the second (SubsetOf). */
export function isWithin(name: string, wider: string): boolean {
  if (!wider.startsWith('*')) return name === wider;
  if (!name.startsWith('*')) return name.endsWith(wider.slice(1));
  return name.length >= wider.length && name.slice(1).endsWith(wider.slice(1));
}

/** A label of a pod and its value (istio/istio `pkg/config/labels`, Validate, 1.31). */
export function labelFault(key: string, value: string): string | undefined {
  const at = key.lastIndexOf('/');
  const [prefix, name] = [key.slice(0, Math.max(at, 0)), key.slice(at + 1)];
  const prefixed = at < 0 || (prefix.length <= LONGEST_PREFIX && prefix.split('.').every((part) => DNS_LABEL.test(part)));
  if (!prefixed || name.length > LONGEST_LABEL || !QUALIFIED.test(name)) return `${shown(key)} is no name of a label`;
  return value === '' || QUALIFIED.test(value) ? undefined : `${shown(value)} is no value of a label`;
}
