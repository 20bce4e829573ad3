import { canonicalJson, describeRef, ok, type Result, refKey, refuse } from '@heddle/core';
import { type Raw, record } from '../../decode/raw.js';
import { compareAttributes, compareNames } from '../../decode/roles.js';
import type { MeshRoute, RouteRule, ServicePort } from '../../decode/world-types.js';
import type { BaseService } from '../base-service.js';
import { exposedPorts, isShared, type Site } from '../sites.js';

/** A rule of a user's MeshHTTPRoute that has a say at a site. */
export interface ForeignRouteRule {
  readonly policy: MeshRoute;
  readonly toIndex: number;
  readonly rule: RouteRule;
  /** The exposed port that it sends to; absent: it sends elsewhere, or better rules always merge over it. */
  readonly leadsTo: ServicePort | undefined;
  /** It sends to other services as well. */
  readonly isShared: boolean;
  /** How a message names it. */
  readonly where: string;
}

type Part = 'backendRefs' | 'filters';

/** The rules that stand in a site's tables, best first. `changed`: what copies say otherwise. */
export function foreignRules({ tables, port }: Site, base: BaseService, changed: readonly Part[]): Result<readonly ForeignRouteRule[]> {
  const found = new Map<string, ForeignRouteRule>();
  for (const { table, routes } of tables) {
    for (const rule of table.rules) {
      const ports = exposedPorts(rule.action, base, port.number);
      if (ports.length > 1)
        return refuse('several-ports-in-rule', `${rule.label ?? 'A rule'} sends to several of the exposed ports`, 'expose one of them');
      for (const [at, origin] of rule.origins.entries()) {
        const one = ruleAt(
          routes,
          refKey(origin.ref),
          origin.pointer,
          at === 0 ? { leadsTo: ports[0], isShared: isShared(rule.action, base) } : NEVER,
        );
        const key = `${refKey(origin.ref)} ${origin.pointer}`;
        if (one !== undefined && (at === 0 || !found.has(key))) found.set(key, one);
      }
    }
  }
  const rules = [...found.values()].sort((a, b) => bestFirst(a.policy, b.policy) || a.toIndex - b.toIndex || a.rule.index - b.rule.index);
  return refuseHalfMerged(rules, changed) ?? ok(rules);
}

type Destined = Pick<ForeignRouteRule, 'leadsTo' | 'isShared'>;

/** Of a rule that better ones merge over, which is never asked. */
const NEVER: Destined = { leadsTo: undefined, isShared: false };

function ruleAt(routes: readonly MeshRoute[], key: string, pointer: string, destined: Destined): ForeignRouteRule | undefined {
  const policy = routes.find(({ ref }) => refKey(ref) === key);
  const item = policy?.to.find((to) => to.rules.some((rule) => rule.pointer === pointer));
  const rule = item?.rules.find((one) => one.pointer === pointer);
  if (policy === undefined || item === undefined || rule === undefined) return undefined;
  return { policy, toIndex: item.index, rule, ...destined, where: `${describeRef(policy.ref)}, rule ${rule.index + 1}` };
}

const bestFirst = (a: MeshRoute, b: MeshRoute): number => compareAttributes(b, a) || compareNames(b, a);

export const rawRule = ({ policy, toIndex, rule }: ForeignRouteRule): Raw => {
  const to: unknown = Array.isArray(record(policy.object.spec).to)
    ? (record(policy.object.spec).to as readonly unknown[])[toIndex]
    : undefined;
  const rules: unknown = record(to).rules;
  return record(Array.isArray(rules) ? rules[rule.index] : undefined);
};

/**
 * Rules with equal matches become one, in which the better one's backendRefs and filters count, or the other's where it has none: what
 * the better one has none of must not get there by copying.
 */
function refuseHalfMerged(rules: readonly ForeignRouteRule[], parts: readonly Part[]): ReturnType<typeof refuse> | undefined {
  for (const group of Map.groupBy(rules, ({ rule }) => canonicalJson(rule.matches)).values()) {
    for (const part of parts) {
      const at = group.findIndex(({ rule }) => rule[part] === undefined);
      const silent = group[at];
      const named = group.find(({ rule }, index) => rule[part] !== undefined && (index > at || part === 'backendRefs'));
      if (named === undefined || silent === undefined) continue;
      return refuse(
        'merged-rules',
        `${silent.where} and ${named.where} have equal matches, and only one of them has ${part}, so copies could merge differently`,
        `say ${part} in both rules, or put them into one`,
      );
    }
  }
  return undefined;
}
