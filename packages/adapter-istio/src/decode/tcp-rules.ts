import type { Rule } from '@heddle/core';
import { type ActionContext, destinationOf } from './compile-action.js';
import { appliesHere, type MatchContext } from './compile-match.js';
import { hostsMatch } from './hosts.js';
import { completeGateways, parseDestination } from './parse-http-rule.js';
import { number, type Raw, record, records, texts } from './raw.js';
import type { RouteDestination, Service, VirtualService } from './world-types.js';

/**
 * The rule of a TCP listener: the first TCP route, of any VirtualService with the service among its hosts, that applies to the
 * proxy and port (istio `pilot/pkg/networking/core/tls.go`, 1.31); `undefined`: the service itself.
 */
export function tcpRule(
  service: Service,
  virtualServices: readonly VirtualService[],
  domain: string,
  context: MatchContext & ActionContext,
): { readonly rule: Rule; readonly virtualService: VirtualService } | undefined {
  for (const virtualService of virtualServices) {
    if (!virtualService.hosts.some((host) => hostsMatch(host, service.host))) continue;
    for (const [index, raw] of virtualService.tcp.entries()) {
      const routes = tcpRoutes(raw, virtualService, domain);
      const matches = records(raw.match).map((match) => completeGateways(match, virtualService.namespace));
      const applying = matches.filter((match) => appliesToConnection(match, context));
      if (routes.length === 0 || (matches.length > 0 && applying.length === 0)) continue;
      const subnets = applying.flatMap((match) => texts(match.destinationSubnets));
      const opaque =
        applying.length > 0 && applying.every((match) => texts(match.destinationSubnets).length > 0)
          ? { destinationSubnets: subnets }
          : undefined;
      return { rule: ruleOf(routes, index, virtualService, context, opaque), virtualService };
    }
  }
  return undefined;
}

/** Unlike an HTTP match, a TCP match holds its source conditions against the proxy even when it names gateways. */
function appliesToConnection(match: Raw, context: MatchContext): boolean {
  const { gateways, ...source } = match;
  return appliesHere(source, context) && (texts(gateways).length === 0 || texts(gateways).includes(context.gateway));
}

function tcpRoutes(raw: Raw, virtualService: VirtualService, domain: string): readonly RouteDestination[] {
  return records(raw.route).map((route) => ({
    ...parseDestination(record(route.destination), virtualService.namespace, domain),
    weight: number(route.weight) ?? 0,
  }));
}

function ruleOf(
  routes: readonly RouteDestination[],
  index: number,
  virtualService: VirtualService,
  context: ActionContext,
  opaque: Readonly<Record<string, unknown>> | undefined,
): Rule {
  const counted = routes.length === 1 ? routes : routes.filter(({ weight }) => weight > 0);
  return {
    match: [],
    action: { to: counted.map((route) => destinationOf(route, context, routes.length === 1 ? 1 : route.weight)) },
    ...(opaque === undefined ? {} : { opaque }),
    owner: 'foreign',
    origins: [{ ref: virtualService.ref, pointer: `/spec/tcp/${index}`, index }],
    label: 'tcp',
  };
}
