import { isIPv4, isIPv6 } from 'node:net';

/** An address, which for IPv6 may have a zone (Go, `netip.ParseAddr`). */
export function isAddress(written: string): boolean {
  const at = written.indexOf('%');
  if (at < 0) return isIPv4(written) || isIPv6(written);
  return at < written.length - 1 && isIPv6(written.slice(0, at));
}

/** An address or `address/bits` (istio/istio `pkg/config/validation/agent`, ValidateIPSubnet, 1.31). */
export function subnetFault(written: string): string | undefined {
  const [address = '', bits, ...more] = written.split('/');
  const isNetwork = bits !== undefined && more.length === 0 && isPrefix(address, bits);
  if (isNetwork || (bits === undefined && isAddress(address))) return undefined;
  return `${JSON.stringify(written)} is no address and no network`;
}

function isPrefix(address: string, bits: string): boolean {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && !address.includes('%') && Number(bits) <= 128);
}

/** Of a Unix socket, without `unix://` (istio/istio `pkg/config/validation`, ValidateUnixAddress, 1.31). */
export function socketFault(path: string): string | undefined {
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return undefined;
  return `${JSON.stringify(path)} is no absolute path of a socket`;
}
