import { closest, type Finding, finding } from '@heddle/core';
import { hostSubset, hostsMatch, isWildcard } from '../decode/hosts.js';
import { record, texts } from '../decode/raw.js';
import type { Gateway, VirtualService } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import { missingHost } from './missing-host.js';

/** Hosts that nobody's requests are for, and Gateways that are not there. */
export function lintHosts(context: LintContext): readonly Finding[] {
  const { world, written } = context;
  const gateways = new Map(world.gateways.map((gateway) => [`${gateway.namespace}/${gateway.name}`, gateway]));
  const inMesh = new Set(
    world.virtualServices.filter((one) => one.gateways.includes('mesh')).flatMap(({ hosts }) => hosts.map((host) => host.toLowerCase())),
  );
  return written.flatMap((one) => [
    ...missingGateways(context, one, gateways),
    ...unboundMatches(one),
    ...(one.gateways.includes('mesh') ? unknownHosts(context, one) : gatewayOnly(context, one, gateways, inMesh)),
  ]);
}

function missingGateways(context: LintContext, one: VirtualService, gateways: ReadonlyMap<string, Gateway>): readonly Finding[] {
  const stated = texts(record(one.object.spec).gateways);
  return one.gateways.flatMap((gateway, index) => {
    if (gateway === 'mesh' || gateways.has(gateway)) return [];
    const [namespace = ''] = gateway.split('/');
    const near = closest(gateway, [...gateways.keys()]);
    const complete = context.isComplete('Gateway', namespace) || context.isComplete('Gateway', one.namespace);
    const elsewhere = [...gateways.keys()].find((key) => key.endsWith(`/${stated[index] ?? ''}`));
    const guess = elsewhere ?? near;
    const text = `there is no Gateway ${gateway}${complete ? '' : ' among what was read'}, so nothing that comes in through one follows these rules`;
    return [
      finding(complete ? 'error' : 'info', 'gateway-missing', one.ref, text, {
        pointer: `/spec/gateways/${index}`,
        fix:
          guess === undefined
            ? 'make the Gateway, or correct the name (a name alone is one of the same namespace)'
            : `did you mean ${guess}?`,
      }),
    ];
  });
}

/** Matches for a gateway that the object is not bound to. */
function unboundMatches(one: VirtualService): readonly Finding[] {
  return one.http.flatMap(({ match, origins }) =>
    match.flatMap((raw, index) => {
      const named = texts(raw.gateways);
      if (named.length === 0 || named.some((gateway) => one.gateways.includes(gateway))) return [];
      const text = `a match is for ${named.join(', ')} alone, and the object is bound to ${one.gateways.join(', ')}: it never holds`;
      const pointer = `${origins.at(-1)?.pointer ?? '/spec/http'}/match/${index}/gateways`;
      return [finding('warning', 'match-never-applies', one.ref, text, { pointer, fix: `add it to spec.gateways, or correct the name` })];
    }),
  );
}

function unknownHosts(context: LintContext, one: VirtualService): readonly Finding[] {
  const stated = texts(record(one.object.spec).hosts);
  return one.hosts.flatMap((host, index) => {
    if (isWildcard(host) || host.includes(':')) return [];
    const missing = missingHost(context, host.toLowerCase(), stated[index] ?? host, one.namespace);
    if (missing === undefined) return [];
    const { severity, code, text, fix } = missing;
    return [finding(severity, code, one.ref, `${text}, so no request follows these rules`, { pointer: `/spec/hosts/${index}`, fix })];
  });
}

/** Bound to Gateways alone: which of its hosts anybody can ask for, where it is known what else there is. */
function gatewayOnly(
  { world, wasRead }: LintContext,
  one: VirtualService,
  gateways: ReadonlyMap<string, Gateway>,
  inMesh: ReadonlySet<string>,
): readonly Finding[] {
  if (!wasRead('Service') || !wasRead('VirtualService')) return [];
  const known = one.gateways.flatMap((name) => gateways.get(name) ?? []);
  const servers = known.flatMap((gateway) => gateway.servers.flatMap(({ hosts }) => hosts));
  const isServed = (host: string) => servers.some((written) => serves(written, host, one.namespace));
  const bound = one.gateways.map((name) => name.split('/').at(-1)).join(', ');
  const findings: Finding[] = [];
  for (const [index, host] of one.hosts.entries()) {
    const pointer = `/spec/hosts/${index}`;
    const service = world.serviceByHost.get(host.toLowerCase());
    if (service !== undefined && !inMesh.has(service.host)) {
      const served = known.length === 0 || isServed(host);
      const nobody = served ? '' : `, and ${bound} does not serve the name either`;
      const text = `it is bound to ${bound} alone, so callers in the mesh never see its rules for ${service.name}${nobody}: their requests go to all Pods of the Service`;
      const fix = 'add mesh to spec.gateways if callers in the mesh should follow the rules too; else take the host out';
      findings.push(finding(served ? 'info' : 'warning', 'virtual-service-unseen', one.ref, text, { pointer, fix }));
    } else if (service === undefined && known.length === one.gateways.length && !isServed(host)) {
      const text = `no server of ${bound} is for ${host}, so no request for it follows these rules`;
      const all = [...new Set(servers)];
      const fix = `add the host to a server of the Gateway${all.length === 0 ? '' : ` (it has ${all.slice(0, 5).join(', ')})`}, or take it out`;
      findings.push(finding('warning', 'gateway-host-unserved', one.ref, text, { pointer, fix }));
    }
  }
  return findings;
}

/** Whether a server's host, `namespace/host` or `host`, has something in common with one of a VirtualService. */
function serves(written: string, host: string, namespace: string): boolean {
  const slash = written.indexOf('/');
  const owner = slash < 0 ? '*' : written.slice(0, slash);
  const name = written.slice(slash + 1).toLowerCase();
  return (owner === '*' || owner === namespace) && (hostSubset(host.toLowerCase(), name) || hostsMatch(name, host.toLowerCase()));
}
