/**
 * How Istio compares host names (istio `pkg/config/host`, 1.31) and completes short ones (`pilot/pkg/model/config.go`).
 */
export const isWildcard = (host: string): boolean => host.startsWith('*');

/** Whether two names, either of which may be a wildcard, have something in common. */
export function hostsMatch(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  if (isWildcard(a)) return b.endsWith(a.slice(1));
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Whether everything that `a` covers is covered by `b`. */
export function hostSubset(a: string, b: string): boolean {
  if (!isWildcard(b)) return !isWildcard(a) && a === b;
  if (isWildcard(a) && a.length < b.length) return false;
  return (isWildcard(a) ? a.slice(1) : a).endsWith(b.slice(1));
}

/** The names that both lists cover; of two that overlap, the narrower. */
export function intersectHosts(left: readonly string[], right: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const a of left) {
    for (const b of right) {
      if (hostSubset(a, b)) found.add(a);
      else if (hostSubset(b, a)) found.add(b);
    }
  }
  return [...found];
}

/** The entry for a name: its own, else the longest wildcard that covers it. */
export function mostSpecific<T>(host: string, entries: ReadonlyMap<string, T>): T | undefined {
  const exact = entries.get(host);
  if (exact !== undefined) return exact;
  const bare = isWildcard(host) ? host.slice(1) : host;
  let best: string | undefined;
  for (const candidate of entries.keys()) {
    if (!isWildcard(candidate) || !bare.endsWith(candidate.slice(1))) continue;
    if (best === undefined || candidate.length > best.length || (candidate.length === best.length && candidate < best)) best = candidate;
  }
  return best === undefined ? undefined : entries.get(best);
}

/** A name without a dot is a Service of the object's own namespace; any other is taken literally. */
export function resolveHost(host: string, namespace: string, domain: string): string {
  if (host === '' || host === '*' || host.includes('.') || host.includes(':')) return host;
  return `${host}.${namespace}.svc.${domain}`;
}

/** `namespace/name` of a Gateway as a VirtualService names it; `mesh` stays. */
export function resolveGateway(gateway: string, namespace: string): string {
  if (gateway === 'mesh') return gateway;
  if (gateway.includes('/')) return gateway.startsWith('./') ? `${namespace}/${gateway.slice(2)}` : gateway;
  const [name = '', inNamespace] = gateway.split('.');
  return `${inNamespace ?? namespace}/${name}`;
}
