/** Of services without a ready Pod, and of names that nothing says anything about. */
export const UNKNOWN = 'unknown';

const STACKS: Readonly<Record<string, readonly string[]>> = {
  grpc: ['grpc', 'http2', 'tcp'],
  http2: ['http2', 'tcp'],
  http: ['http', 'tcp'],
  kafka: ['kafka', 'tcp'],
  tls: ['tcp'],
  tcp: ['tcp'],
};
const KNOWN = new Set([...Object.keys(STACKS), 'mysql']);

export function parseProtocol(written: string): string {
  const lower = written.toLowerCase();
  return KNOWN.has(lower) ? lower : UNKNOWN;
}

/** Whether Kuma routes requests of a protocol, and not just connections. */
export const isHttp = (protocol: string): boolean => protocol === 'http' || protocol === 'http2' || protocol === 'grpc';

/** What two protocols have in common: http and http2 have tcp (kuma `pkg/core/metadata/protocol.go`, `GetCommonProtocol`, 2.14). */
export function commonProtocol(a: string, b: string): string {
  if (a === b) return a;
  const [own, other] = [STACKS[a], STACKS[b]];
  return own?.find((protocol) => other?.includes(protocol) === true) ?? UNKNOWN;
}

export const commonOf = (protocols: readonly string[]): string => protocols.reduce(commonProtocol, protocols[0] ?? UNKNOWN);
