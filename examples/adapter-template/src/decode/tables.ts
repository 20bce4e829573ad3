import { type Action, type Match, type Rewrite, type RouteTable, type Rule, serviceAddresses, type View } from '@heddle/core';
import { quoted } from '../quoted.js';
import { type Attached, attachedTo } from './attached.js';
import type { DestinationOf } from './backends.js';
import { type Placed, placed } from './placed.js';
import { readRule } from './read-rule.js';
import type { Subject } from './subjects.js';
import type { Service, World } from './world.js';

/**
 * A table for each port of a Service and each set of clients. Routes that are kept in the Service's namespace hold for everybody;
 * in a namespace with routes of its own for the Service only those hold for its clients, and the others do not (GEP-1426).
 */
export function tablesOf(
  world: World,
  subjects: readonly Subject[],
  destinationsOf: (service: Service) => DestinationOf,
): readonly RouteTable[] {
  const attached = subjects.map((subject) => ({ subject, all: attachedTo(subject.service, subject.port, world.routes) }));
  const consumers = new Set(
    attached.flatMap(({ subject, all }) => all.map(({ namespace }) => namespace).filter((one) => one !== subject.service.namespace)),
  );
  return [undefined, ...consumers].flatMap((namespace) =>
    attached.map(({ subject, all }) => {
      const own = all.find((one) => one.namespace === namespace) ?? all.find((one) => one.namespace === subject.service.namespace);
      return tableOf(subject, viewOf(namespace, consumers), own, destinationsOf(subject.service));
    }),
  );
}

/** Views must not overlap, and every client must be in one: a namespace, or all but those. */
function viewOf(namespace: string | undefined, consumers: ReadonlySet<string>): View {
  if (namespace !== undefined) return { plane: 'mesh', clients: { namespaces: [namespace] } };
  return { plane: 'mesh', clients: {}, ...(consumers.size === 0 ? {} : { except: [{ namespaces: [...consumers].sort() }] }) };
}

/** With any route attached the Service's own, implicit route is gone: what no rule matches is a 404. */
function tableOf({ service, port }: Subject, view: View, attached: Attached | undefined, destinationOf: DestinationOf): RouteTable {
  const { namespace, name } = service;
  const implicit: Action = { to: [destinationOf({ namespace, name, port, weight: 1 })] };
  return {
    view,
    domains: serviceAddresses(service),
    localDomains: [{ namespace, domain: name }],
    port,
    protocol: 'http',
    rules: attached === undefined ? [] : placed(attached.routes).map((one) => ruleOf(one, destinationOf)),
    otherwise: attached === undefined ? implicit : { status: 404 },
    otherwiseLabel: attached === undefined ? 'implicit' : 'none',
    // As Istio's proxies do it before they look at any rule.
    pathNormalisation: 'base',
  };
}

function ruleOf({ route, index, rule, match, unknown }: Placed, destinationOf: DestinationOf): Rule {
  const { opaque, rewrite, ...read } = readRule(rule, route.namespace, destinationOf);
  const unread = { ...opaque, ...unknown };
  return {
    match: [match],
    ...read,
    ...(rewrite === undefined ? {} : { rewrite: emptied(rewrite, match) }),
    ...(Object.keys(unread).length === 0 ? {} : { opaque: unread }),
    // A catch-all of ours gives everybody what they had without it: it is nobody's rule.
    owner: route.own?.part === 'rules' ? route.own.owner : 'foreign',
    origins: [{ ref: route.ref, pointer: `/spec/rules/${index}`, index, ...(typeof rule.name === 'string' ? { name: rule.name } : {}) }],
    label: `HTTPRoute ${route.namespace}/${route.name} rule ${index}`,
  };
}

/** A prefix that is replaced by `/` is taken away with the slash after it: `/c/x` becomes `/x` (Istio 1.31, recorded). */
function emptied(rewrite: Rewrite, { path: matched }: Match): Rewrite {
  const { path } = rewrite;
  if (path === undefined || !('prefix' in path) || path.prefix !== '/' || matched?.kind !== 'segmentPrefix' || matched.value === '/')
    return rewrite;
  return { ...rewrite, path: { regex: `^${quoted(matched.value)}/?(.*)`, substitution: '/\\1' } };
}
