import { describeRef, type ExposedPort, type ObjectEdit, type SessionOptions, type SessionPlanning } from '@heddle/core';
import type { HeddleConfig } from '../../config/types.js';
import { type Catalogue, type Part, partsOf } from '../../plugins/catalogue.js';
import type { Connection } from '../connections.js';
import { findService, serviceRefs } from '../find-service.js';
import { type ProbePort, placeOf } from '../local-port.js';
import { sessionOptions } from '../mesh/session-options.js';
import { type Finding, failed, ok, skipped, warning } from './check.js';

/** `tunnel`: the one that a session would take. */
export function checkPlugins(catalogue: Catalogue, tunnel: Part): Finding {
  const names = [...partsOf(catalogue, 'adapter'), ...partsOf(catalogue, 'tunnel')].map(({ id }) => id).join(', ');
  const [problem] = catalogue.problems;
  return problem === undefined
    ? ok(`installed: ${names}; a session's tunnel: ${tunnel.id}`)
    : warning(`${problem.package}: ${problem.message}`, ['See what is installed: heddle adapters']);
}

export async function checkApiServer({ cluster }: Connection): Promise<Finding> {
  const { version } = await cluster.discover();
  return ok(`answers, Kubernetes ${version}`);
}

export async function checkLocalPorts(ports: readonly ExposedPort[], probe: ProbePort): Promise<Finding> {
  if (ports.length === 0) return skipped('add --expose to look at it');
  const closed: string[] = [];
  for (const { local } of ports) if ((await probe(local.host, local.port)) === undefined) closed.push(placeOf(local));
  if (closed.length === 0) return ok(`your application listens on ${ports.map(({ local }) => placeOf(local)).join(', ')}`);
  return failed(`nothing listens on ${closed.join(', ')}`, ['Start your application.', 'Let heddle mesh start it: add -- and its command']);
}

export async function checkService({ cluster, namespace }: Connection, name: string, ports: readonly ExposedPort[]): Promise<Finding> {
  const service = await findService(cluster, namespace, name);
  for (const { port } of ports) serviceRefs(service, { port });
  return ok(
    `${name}, ports ${service.ports.map(({ port, name: label }) => (label === undefined ? port : `${port} (${label})`)).join(', ')}`,
  );
}

/** A whole plan, dry runs of the shadow's pod included: the surest answer to whether a session would come up. */
export async function checkPlan(
  request: { readonly service: string; readonly ports: readonly ExposedPort[]; readonly image?: string },
  namespace: string,
  config: HeddleConfig,
  plan: (options: SessionOptions) => Promise<SessionPlanning>,
): Promise<Finding> {
  const { service, ports, image } = request;
  const options = sessionOptions(
    {
      service,
      ports,
      ...(image === undefined ? {} : { image }),
      dryRun: true,
      onLost: 'fallback',
      sidecar: 'auto',
      realise: 'service',
      acceptPolicyGap: false,
      command: [],
    },
    namespace,
    config,
  );
  const planning = await plan(options);
  if ('session' in planning) return ok(`a session would ${changes(planning.session.plan.edits)}`);
  return failed(
    planning.refused.map(({ message }) => message).join('; '),
    planning.refused.flatMap(({ instead }) => (instead === undefined ? [] : [instead])),
  );
}

function changes(edits: readonly ObjectEdit[]): string {
  if (edits.length === 0) return 'change no object of the mesh';
  return `change ${edits.length === 1 ? 'one object' : `${edits.length} objects`} of the mesh: ${edits.map(({ ref }) => describeRef(ref)).join(', ')}`;
}
