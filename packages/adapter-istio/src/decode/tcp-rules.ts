import type { Rule } from '@heddle/core';
import { type ActionContext, destinationOf } from './compile-action.js';
import { appliesHere, type MatchContext } from './compile-match.js';
import { completeGateways, parseDestination } from './parse-http-rule.js';
import { number, type Raw, record, records, texts } from './raw.js';
import type { RouteDestination, VirtualService } from './world-types.js';

/**
 * The rule of a TCP listener: the first TCP route with a match that applies, of VirtualServices in the order given (istio
 * `pilot/pkg/networking/core/tls.go` and `gateway.go`, 1.31).
 */
export function tcpRule(
  virtualServices: readonly VirtualService[],
  domain: string,
  applies: (match: Raw) => boolean,
  context: ActionContext,
): { readonly rule: Rule; readonly virtualService: VirtualService } | undefined {
  for (const virtualService of virtualServices) {
    for (const [index, raw] of virtualService.tcp.entries()) {
      const routes = tcpRoutes(raw, virtualService, domain);
      const matches = records(raw.match).map((match) => completeGateways(match, virtualService.namespace));
      const applying = matches.filter(applies);
      if (routes.length === 0 || (matches.length > 0 && applying.length === 0)) continue;
      const subnets = applying.flatMap((match) => texts(match.destinationSubnets));
      const narrowed = applying.length > 0 && applying.every((match) => texts(match.destinationSubnets).length > 0);
      const opaque = narrowed ? { destinationSubnets: subnets } : undefined;
      return { rule: ruleOf(routes, index, virtualService, context, opaque), virtualService };
    }
  }
  return undefined;
}

/** Unlike an HTTP match, a TCP match holds its source conditions against the proxy even when it names gateways. */
export function appliesToConnection(match: Raw, context: MatchContext): boolean {
  const { gateways, ...source } = match;
  return appliesHere(source, context) && namesGateway(gateways, context.gateway);
}

/** A gateway looks at the port and the gateways of a TCP match only. */
export function appliesAtGateway(match: Raw, { port, gateway }: MatchContext): boolean {
  return (typeof match.port !== 'number' || match.port === 0 || match.port === port) && namesGateway(match.gateways, gateway);
}

const namesGateway = (gateways: unknown, gateway: string): boolean => texts(gateways).length === 0 || texts(gateways).includes(gateway);

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
