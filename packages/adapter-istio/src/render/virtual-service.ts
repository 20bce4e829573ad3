import { canonicalJson, type MeshEnvironment, type RoutedService, type RouteTable } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { type Section, sectionsOf } from './callers.js';
import { connectionRules } from './connections.js';
import { hostFrom } from './hosts.js';
import { type Losses, UNROUTED } from './losses.js';
import { type Written, writtenObject } from './objects.js';
import { protocolOf, unseenPorts } from './ports.js';
import { httpRules, type Writing } from './rules.js';
import type { Surroundings } from './surroundings.js';
import { publicIf, type Versions } from './versions.js';

export interface Around {
  readonly around: Surroundings;
  readonly versions: Versions;
  readonly losses: Losses;
  readonly env: MeshEnvironment;
}

interface PortRules {
  readonly port: number;
  readonly rules: readonly Raw[];
}

/** The VirtualService of a Service; none where its callers have the implicit route. */
export function virtualServiceFor(service: RoutedService, given: Around): readonly Written[] {
  const { env, around } = given;
  const unseen = unseenPorts(service, around);
  const http: PortRules[] = [];
  const tcp: PortRules[] = [];
  for (const [port, tables] of Map.groupBy(service.tables, (table) => table.port)) {
    const seen = unseen.includes(port) ? 'http' : protocolOf(service, port, around);
    const plain = tables.every(({ protocol }) => protocol === 'tcp');
    const sections = sectionsFor(service, tables, given);
    const writing = writingFor(service, port, given);
    const speaksHttp = seen === 'http' || seen === 'auto';
    if (plain && speaksHttp) given.losses.addAll(service, tables, ...REQUESTS);
    if (speaksHttp) http.push({ port, rules: httpRules(sections, writing) });
    if (plain && seen !== 'http') tcp.push({ port, rules: connectionRules(sections, writing) });
  }
  const all = service.ports.map(({ port }) => port);
  const speaking = all.filter((port) => unseen.includes(port) || ['http', 'auto'].includes(protocolOf(service, port, around)));
  const rules = {
    http: onPorts(http, speaking),
    tcp: onPorts(
      tcp,
      all.filter((port) => !speaking.includes(port)),
    ),
  };
  if (rules.http.length + rules.tcp.length === 0) return [];
  const exportTo = publicIf(env.settings.defaultVirtualServiceExportTo);
  const spec = {
    hosts: [hostFrom(service.namespace, service, env)],
    ...(exportTo === undefined ? {} : { exportTo }),
    ...(rules.http.length === 0 ? {} : { http: rules.http.map(ordered) }),
    ...(rules.tcp.length === 0 ? {} : { tcp: rules.tcp }),
  };
  return [writtenObject('VirtualService', service, spec, around, env)];
}

function sectionsFor(service: RoutedService, tables: readonly RouteTable[], { losses }: Around): readonly Section[] {
  const mesh = tables.filter(({ view }) => view.plane === 'mesh');
  const gateways = tables.filter(({ view }) => view.plane === 'gateway');
  losses.addAll(service, gateways, 'view.gateway', 'what gateways do with requests for the Service is not written');
  const unrouted = mesh.filter(({ rules, otherwise }) => rules.length === 0 && otherwise === 'passthrough');
  losses.add({ service, tables: unrouted }, 'passthrough', UNROUTED);
  const sections = sectionsOf(mesh);
  if (sections !== undefined) return sections;
  losses.addAll(service, mesh, 'many-callers', 'callers are of too many kinds for one list of rules, so that none is written');
  return [];
}

/** Connections that will be looked into. */
const REQUESTS = [
  'protocol',
  'Istio takes the port for HTTP, so that requests are routed one by one where connections were',
  'appProtocol: tcp in the Service keeps them as they were',
] as const;

const writingFor = (service: RoutedService, port: number, { around, versions, losses, env }: Around): Writing => ({
  place: { service },
  sending: { service, port, env, around, versions },
  losses,
});

/** One list for all ports where they have the same rules, else each rule for its port. */
function onPorts(all: readonly PortRules[], ports: readonly number[]): readonly Raw[] {
  const [first] = all;
  const alike = new Set(all.map(({ rules }) => canonicalJson(rules))).size === 1;
  if (first !== undefined && alike && ports.every((port) => all.some((one) => one.port === port))) return first.rules;
  return all.flatMap(({ port, rules }) =>
    rules.map(({ match, ...rule }) => {
      const { name, ...body } = rule;
      const matches = match === undefined ? [{}] : records(match);
      return { ...(name === undefined ? {} : { name }), match: matches.map((one) => ({ ...one, port })), ...body };
    }),
  );
}

const MATCH_KEYS = ['name', 'uri', 'ignoreUriCase', 'scheme', 'method', 'authority', 'headers', 'withoutHeaders', 'queryParams', 'port'];

/** Conditions on a request first, on who calls last. */
function ordered(rule: Raw): Raw {
  if (rule.match === undefined) return rule;
  const first = (match: Raw) => Object.fromEntries(MATCH_KEYS.flatMap((key) => (key in match ? [[key, match[key]]] : [])));
  return { ...rule, match: records(rule.match).map((one) => ({ ...first(one), ...one })) };
}
