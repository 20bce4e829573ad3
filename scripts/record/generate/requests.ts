import { isRecord, type KubeObject, metaOf } from '@heddle/core';
import type { CaseRequest } from '../routing-case.ts';
import { aim, type Draft, disturb, requestOf, setHeader } from './draft.ts';
import type { HttpMatch } from './match.ts';
import type { Random } from './random.ts';
import { DOMAIN, HEADERS, headerName, METHODS, ODD_PATHS, OUTSIDE, PATHS, QUERY } from './vocabulary.ts';
import type { CaseWorld, WorldService } from './world.ts';

/** Matches of one VirtualService, with the matches of the delegates that come with them. */
interface Target {
  readonly hosts: readonly string[];
  readonly namespace: string;
  readonly chains: readonly (readonly HttpMatch[])[];
}

/** Requests aimed at each rule and just beside its conditions, and some at nothing in particular. */
export function requestsFor(
  random: Random,
  world: CaseWorld,
  objects: readonly KubeObject[],
  count: number,
  gatewayPorts?: readonly number[],
): readonly CaseRequest[] {
  const targets = targetsIn(objects);
  return Array.from({ length: count }, () => {
    const target = targets.length === 0 || random.chance(0.1) ? undefined : random.pick(targets);
    const draft = gatewayPorts === undefined ? meshDraft(random, world, target) : gatewayDraft(random, target, gatewayPorts);
    const chain = target === undefined || target.chains.length === 0 ? [] : random.pick(target.chains);
    for (const match of chain) aim(draft, match, random);
    if (chain.length > 0 && random.chance(0.55)) disturb(draft, random.pick(chain), random);
    if (chain.length === 0 || random.chance(0.12)) decorate(draft, random);
    if (gatewayPorts !== undefined && !gatewayPorts.includes(draft.port)) draft.port = random.pick(gatewayPorts);
    return requestOf(draft, random.chance(0.08));
  });
}

function targetsIn(objects: readonly KubeObject[]): readonly Target[] {
  const virtualServices = objects.filter(({ kind }) => kind === 'VirtualService');
  const leaves = new Map(virtualServices.map((one) => [`${metaOf(one).namespace}/${metaOf(one).name}`, matchesOf(one)]));
  return virtualServices.flatMap((one) => {
    const spec = isRecord(one.spec) ? one.spec : {};
    const namespace = metaOf(one).namespace ?? '';
    const hosts = Array.isArray(spec.hosts) ? spec.hosts.map(String) : [];
    if (hosts.length === 0) return [];
    const chains = matchesOf(one).flatMap(({ match, delegate }) => {
      const inner = delegate === undefined ? [] : (leaves.get(delegate.includes('/') ? delegate : `${namespace}/${delegate}`) ?? []);
      return [[match], ...inner.map((leaf) => [match, leaf.match])];
    });
    return [{ hosts, namespace, chains }];
  });
}

function matchesOf(object: KubeObject): readonly { readonly match: HttpMatch; readonly delegate: string | undefined }[] {
  const rules = isRecord(object.spec) && Array.isArray(object.spec.http) ? object.spec.http.filter(isRecord) : [];
  return rules.flatMap((rule) => {
    const to = isRecord(rule.delegate) ? rule.delegate : undefined;
    const delegate = to === undefined ? undefined : [to.namespace, to.name].filter((part) => part !== undefined).join('/');
    const matches = Array.isArray(rule.match) ? (rule.match as HttpMatch[]) : [{}];
    return matches.map((match) => ({ match, delegate }));
  });
}

const blank = (random: Random, host: string, port: number): Draft => ({
  method: random.chance(0.8) ? 'GET' : random.pick(METHODS),
  host,
  port,
  path: random.pick(PATHS),
  query: [],
  headers: [],
});

function meshDraft(random: Random, { services, client }: CaseWorld, target: Target | undefined): Draft {
  const claimed =
    target === undefined ? [] : services.filter((service) => target.hosts.some((host) => names(service, target.namespace).includes(host)));
  const literal = target === undefined ? undefined : literalHost(random, random.pick(target.hosts));
  const service = claimed.length > 0 ? random.pick(claimed) : random.pick(services);
  const port = random.chance(0.96) ? random.pick(service.ports).number : random.pick([80, 9080, 8000, 5555]);
  if (claimed.length === 0 && literal !== undefined && random.chance(0.5)) return blank(random, literal, random.pick([80, 80, port]));
  const draft = blank(random, random.chance(0.04) ? random.pick(OUTSIDE) : asClientWrites(random, service, client.namespace), port);
  if (random.chance(0.1)) setHeader(draft, 'Host', otherHost(random, services, client.namespace, port));
  return draft;
}

function gatewayDraft(random: Random, target: Target | undefined, ports: readonly number[]): Draft {
  const host = target === undefined ? random.pick(OUTSIDE) : (literalHost(random, random.pick(target.hosts)) ?? random.pick(OUTSIDE));
  const draft = blank(random, random.chance(0.15) ? random.pick(OUTSIDE) : host, random.pick(ports));
  if (random.chance(0.08)) setHeader(draft, 'Host', random.pick([host.toUpperCase(), `${host}:${draft.port}`, `${host}:1`, 'reviews']));
  return draft;
}

/** A name that a VirtualService's host covers; a short name is as good as none where it means a Service. */
function literalHost(random: Random, host: string): string | undefined {
  if (host === '*') return random.pick(OUTSIDE);
  if (host.startsWith('*')) return `${random.pick(['a', 'api', 'a.b'])}${host.slice(1).startsWith('.') ? '' : '-'}${host.slice(1)}`;
  return host;
}

const names = (service: WorldService, from: string): readonly string[] => {
  const full = `${service.name}.${service.namespace}.svc.${DOMAIN}`;
  return [
    full,
    `*.${service.namespace}.svc.${DOMAIN}`,
    `*.svc.${DOMAIN}`,
    `*.${DOMAIN}`,
    ...(service.namespace === from ? [service.name] : []),
  ];
};

function asClientWrites(random: Random, service: WorldService, from: string): string {
  const short = `${service.name}.${service.namespace}`;
  return random.weighted([
    [service.namespace === from ? 10 : 1, service.name],
    [4, short],
    [2, `${short}.svc`],
    [6, `${short}.svc.${DOMAIN}`],
    [1, `${short}.svc.${DOMAIN}.`],
    [1, short.toUpperCase()],
    [1, service.address],
  ]);
}

function otherHost(random: Random, services: readonly WorldService[], from: string, port: number): string {
  const host = random.chance(0.7) ? asClientWrites(random, random.pick(services), from) : random.pick(OUTSIDE);
  return random.pick([host, `${host}:${port}`, `${host}:1234`]);
}

function decorate(draft: Draft, random: Random): void {
  if (random.chance(0.35)) draft.path = random.pick(ODD_PATHS);
  else if (random.chance(0.4)) draft.path = `${draft.path}${random.pick(['/', 'x', '/more', '//', '/..', ';p=1'])}`;
  if (random.chance(0.4)) {
    const name = headerName(random);
    setHeader(draft, name, random.pick(HEADERS[name] ?? ['x']));
  }
  if (random.chance(0.3)) {
    const name = random.pick(Object.keys(QUERY));
    draft.query.push([name, random.pick([...(QUERY[name] ?? []), undefined])]);
  }
}
