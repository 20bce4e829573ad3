import { hostSubset, hostsMatch, isWildcard } from './hosts.js';
import type { ClientProxy } from './proxy.js';
import { type Raw, texts } from './raw.js';
import { inTiers, isVisible } from './visible.js';
import type { Service, Sidecar, VirtualService, World } from './world-types.js';

/** What a sidecar is told of: services, VirtualServices, and what becomes of all else. */
export interface SidecarScope {
  readonly sidecar: Sidecar | undefined;
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  imports(service: Service): boolean;
  /** Those of `among` that count, in the order in which they win. */
  virtualServices(among: readonly VirtualService[]): readonly VirtualService[];
  /** What cannot be said yet, of this scope. */
  readonly unsupported: string | undefined;
}

interface Imported {
  readonly exact: Set<string>;
  readonly all: string[];
  readonly excluded: string[];
}

/**
 * The scope of a sidecar (istio `pilot/pkg/model/sidecar.go`, 1.31): the namespace's Sidecar objects with a selector, then
 * without, oldest first; else the root namespace's without selector; else everything.
 */
export function sidecarScope(world: World, proxy: ClientProxy): SidecarScope {
  const own = world.sidecars.filter(({ namespace }) => namespace === proxy.namespace);
  const ordered = [...own.filter(({ selector }) => selector !== undefined), ...own.filter(({ selector }) => selector === undefined)];
  const sidecar =
    ordered.find(({ selector }) => selector === undefined || proxy.has(selector)) ??
    world.sidecars.find(({ namespace, selector }) => namespace === world.rootNamespace && selector === undefined);
  const withoutPort = sidecar?.egress.find((listener) => listener.port == null);
  const hosts = sidecar === undefined || sidecar.egress.length === 0 ? ['*/*'] : texts(withoutPort?.hosts);
  const imported = readHosts(hosts, proxy.namespace);
  return {
    sidecar,
    outbound: outboundPolicy(sidecar, world),
    imports: (service) => isVisible(service.visible, proxy.namespace) && importsService(imported, service),
    virtualServices: (among) => inTiers(among, proxy.namespace, 'mesh').filter((one) => importsVirtualService(imported, one)),
    unsupported: sidecar === undefined ? undefined : unsupportedIn(sidecar, withoutPort),
  };
}

function outboundPolicy(sidecar: Sidecar | undefined, world: World): 'ALLOW_ANY' | 'REGISTRY_ONLY' {
  if (sidecar?.policy === undefined) return world.outbound;
  return sidecar.policy.mode === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY';
}

function unsupportedIn(sidecar: Sidecar, withoutPort: Raw | undefined): string | undefined {
  if (sidecar.egress.some((listener) => listener.port != null)) return 'egress listeners with a port of their own';
  if (withoutPort?.bind != null || (withoutPort?.captureMode != null && withoutPort.captureMode !== 'DEFAULT')) {
    return 'egress listeners with bind or captureMode';
  }
  if (sidecar.policy?.egressProxy != null) return 'outboundTrafficPolicy.egressProxy';
  const mode = sidecar.policy?.mode;
  return mode === undefined || mode === 'ALLOW_ANY' || mode === 'REGISTRY_ONLY' ? undefined : `outboundTrafficPolicy.mode ${String(mode)}`;
}

function readHosts(hosts: readonly string[], own: string): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  for (const entry of hosts) {
    const parts = entry.split('/');
    if (parts.length !== 2) continue;
    const [written = '', name = ''] = parts;
    const excluded = written.startsWith('~');
    const bare = excluded ? written.slice(1) || '*' : written;
    const namespace = bare === '.' ? own : bare;
    const imported = found.get(namespace) ?? { exact: new Set(), all: [], excluded: [] };
    found.set(namespace, imported);
    if (excluded) imported.excluded.push(name);
    else {
      imported.all.push(name);
      if (!isWildcard(name)) imported.exact.add(name);
    }
  }
  return found;
}

const excludes = (imported: Imported | undefined, host: string): boolean =>
  imported?.excluded.some((excluded) => hostSubset(host, excluded)) === true;

function importsService(imported: ReadonlyMap<string, Imported>, service: Service): boolean {
  const [own, any] = [imported.get(service.namespace), imported.get('*')];
  if (excludes(own, service.host) || excludes(any, service.host)) return false;
  return [own, any].some(
    (one) =>
      one !== undefined && (one.exact.has(service.host) || one.all.some((host) => isWildcard(host) && hostSubset(service.host, host))),
  );
}

/** A VirtualService counts when one of its hosts overlaps an imported one, in either direction; one made of routes must be covered. */
function importsVirtualService(imported: ReadonlyMap<string, Imported>, virtualService: VirtualService): boolean {
  const [own, any] = [imported.get(virtualService.namespace), imported.get('*')];
  const overlap = virtualService.routes === undefined ? hostsMatch : hostSubset;
  return [own, any].some(
    (one) =>
      one !== undefined &&
      virtualService.hosts.some((host) => {
        const fits = one.exact.has(host) || one.all.some((other) => (isWildcard(host) || isWildcard(other)) && overlap(host, other));
        return fits && !excludes(own, host) && !excludes(any, host);
      }),
  );
}
