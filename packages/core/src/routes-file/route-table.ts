import { type ComposedIntent, composeIntents } from '../adapters/compose-intents.js';
import type { Result } from '../adapters/result.js';
import { serviceAddresses } from '../adapters/service-names.js';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { intentsOf } from '../routes/entry.js';
import type { DescribedVersion, FileRoute } from './types.js';

/** A Service and port, and what its versions are where they are not Pods labelled `version`. */
export interface TableOf {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly versions: Readonly<Record<string, DescribedVersion>>;
}

/**
 * The table of a Service's port with some routes for rules, in the order in which they count; what a route does not say stays as it is
 * for everybody else, to the Service as it stands. Refuses (`matches-meet`) as `composeIntents` does.
 */
export function routeTable(of: TableOf, routes: readonly FileRoute[]): Result<RouteTable> {
  const composed = composeIntents(intentsOf(routes));
  if ('refused' in composed) return composed;
  const [host = '', ...short] = serviceAddresses({ ...of, host: hostOf(of.namespace, of.name), addresses: [] });
  const table: RouteTable = {
    view: { plane: 'mesh', clients: {} },
    domains: [host, ...short],
    localDomains: [{ namespace: of.namespace, domain: of.name }],
    port: of.port,
    protocol: 'http',
    rules: composed.ok.map((intent) => ruleOf(of, intent)),
    otherwise: { to: [baseOf(of)] },
    otherwiseLabel: 'implicit',
  };
  return { ok: table };
}

function ruleOf(of: TableOf, { match, to, mirror, fault }: ComposedIntent): Rule {
  return {
    match,
    action: { to: to === undefined ? [baseOf(of)] : to.map(({ version, weight }) => ({ ...versionOf(of, version), weight })) },
    ...(mirror === undefined ? {} : { mirrors: [{ destination: versionOf(of, mirror.version), percent: mirror.percent }] }),
    ...(fault === undefined ? {} : { fault }),
    owner: 'foreign',
    origins: [],
  };
}

const hostOf = (namespace: string, name: string) => `${name}.${namespace}.svc.cluster.local`;

/** Its Pods are not known. */
function baseOf({ namespace, name, port }: TableOf): Destination {
  return { host: hostOf(namespace, name), port, weight: 1, endpoints: [] };
}

function versionOf(of: TableOf, version: string): Destination {
  const is = of.versions[version] ?? { labels: { version } };
  if ('labels' in is) return { ...baseOf(of), version, labels: is.labels };
  const { namespace, name } = of;
  return { ...baseOf({ ...of, name: is.service }), version, versionOf: { namespace, name } };
}
