import { type Destination, describeRef, type Findings, type ObjectRef, type Rule } from '@heddle/core';
import type { DecidingTable } from './deciding-types.js';
import { describeTags } from './tags.js';
import type { Service, World } from './world-types.js';

/** Destinations of a rule that requests cannot reach, or that lie where nothing is read. */
export function reportDestinations(world: World, table: DecidingTable, rule: Rule, found: Findings): void {
  const ref = rule.origins[0]?.ref;
  const destinations = [
    ...(typeof rule.action === 'object' && 'to' in rule.action ? rule.action.to : []),
    ...(rule.mirrors ?? []).map(({ destination }) => destination),
  ];
  for (const destination of destinations) reportDestination(world, table, destination, ref, found);
}

function reportDestination(
  world: World,
  { mesh, table }: DecidingTable,
  destination: Destination,
  ref: ObjectRef | undefined,
  found: Findings,
): void {
  const { host, port, labels, endpoints } = destination;
  const where = ref === undefined ? '' : `${describeRef(ref)}: `;
  if (world.externalServices.has(`${mesh}/${host}`) || host.endsWith('.extsvc.mesh.local')) {
    found.gap('ExternalService', `${where}${host} is outside the cluster: where requests go from there is not read`, ref);
    return;
  }
  if (endpoints === 'no-cluster' || endpoints.length > 0) return;
  const service = world.services.find((one) => one.host === host);
  const place = `${host}${port === undefined ? '' : `:${port}`}`;
  const then = table.protocol === 'tcp' ? 'connections are closed' : 'requests get 503';
  if (service === undefined || !service.ports.some(({ number }) => number === port)) {
    found.problem('service-unknown', `${where}there is no Service ${place}: ${then}`, ref);
  } else if (labels !== undefined && !hasPod(world, service, labels)) {
    found.problem('tag-unknown', `${where}no Pod of ${place} has ${describeTags(labels)}: ${then}`, ref);
  } else {
    const part = labels === undefined ? '' : `${describeTags(labels)} of `;
    found.problem('destination-empty', `${where}${part}${place} has no ready Pod: ${then}`, ref);
  }
}

const hasPod = (world: World, service: Service, labels: Readonly<Record<string, string>>): boolean =>
  world.dataplanes.some(({ inbounds }) =>
    inbounds.some((one) => one.service === service && Object.entries(labels).every(([key, value]) => one.tags[key] === value)),
  );
