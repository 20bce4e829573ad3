import { collectResults, joinsRepeated, type KubeObject, type Owner, ok, type Result, refuse, shadowName } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { MESH_LABEL, ORIGIN_LABEL } from '../../decode/tags.js';
import type { World } from '../../decode/world-types.js';
import { ownerLabels } from '../../owned/ownership.js';
import type { EncodeTask } from '../encode-task.js';
import type { Site } from '../sites.js';
import { type Condition, conditionOf } from './condition.js';
import { backendRefsOf, toRef } from './destinations.js';
import { type ForeignRouteRule, foreignRules } from './foreign.js';
import { imageOf, implicitImage } from './images.js';
import { type CallerScope, scopeKey, scopeOf, WHOLE_MESH } from './scope.js';

/** One object that an owner is to have: for a set of callers, in a namespace. */
interface Draft {
  readonly scope: CallerScope;
  readonly namespace: string;
  readonly to: readonly Raw[];
}

/** The MeshHTTPRoutes that an owner is to have: one for the whole mesh, and one for each set of callers that users have routes for. */
export function wantedObjects(task: EncodeTask): Result<readonly KubeObject[]> {
  const conditions = collectResults(task.wanted.matches.map(conditionOf));
  if ('refused' in conditions) return conditions;
  const drafts = new Map<string, Draft>();
  const ownFirst = task.sites.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  for (const site of ownFirst) {
    const made = draftsFor(site, conditions.ok, task);
    if ('refused' in made) return made;
    for (const draft of made.ok) {
      const key = `${scopeKey(draft.scope)} ${draft.namespace}`;
      drafts.set(key, { ...draft, to: [...(drafts.get(key)?.to ?? []), ...draft.to] });
    }
  }
  return ok([...drafts.values()].map((draft, n) => objectOf(draft, n, task)));
}

function draftsFor(site: Site, conditions: readonly Condition[], task: EncodeTask): Result<readonly Draft[]> {
  const { world, base, wanted, change } = task;
  const foreign = foreignRules(site, base);
  if ('refused' in foreign) return foreign;
  const shared = foreign.ok.find((rule) => rule.isShared);
  if (shared !== undefined && change.owner.kind === 'route') {
    return refuse(
      'shared-rule',
      `${shared.where} sends to other services too, and a split would take their share`,
      'change that rule itself',
    );
  }
  const home = homeOf(world, site.service.namespace);
  const scopes = new Map<string, CallerScope>(site.isOwn ? [[scopeKey(WHOLE_MESH), WHOLE_MESH]] : []);
  for (const { policy } of foreign.ok) scopes.set(scopeKey(scopeOf(policy)), scopeOf(policy));
  const drafts = collectResults(
    [...scopes].map(([key, scope]) => {
      const isConsumer = scope.consumerNamespace !== undefined;
      const namespace = scope.consumerNamespace ?? home;
      const images = imagesFor(
        foreign.ok.filter(({ policy }) => scopeKey(scopeOf(policy)) === key),
        conditions,
        task,
      );
      if ('refused' in images) return images;
      const everything = site.isOwn && key === scopeKey(WHOLE_MESH);
      const refs = backendRefsOf(world, base.service, site.port, wanted.shares);
      const rules = [...images.ok, ...(everything ? [implicitImage(conditions, refs, foreign.ok)] : [])];
      const to = rules.length === 0 ? [] : [{ targetRef: toRef(world, site.service, site.port, { namespace, isConsumer }), rules }];
      return ok({ scope, namespace, to });
    }),
  );
  return 'refused' in drafts ? drafts : ok(drafts.ok.filter(({ to }) => to.length > 0));
}

function imagesFor(rules: readonly ForeignRouteRule[], conditions: readonly Condition[], task: EncodeTask): Result<readonly Raw[]> {
  const { world, base, wanted, change, env } = task;
  const options = { owner: change.owner, joinsRepeated: joinsRepeated(env.envoy) };
  const images = collectResults(
    rules.map((rule) => {
      const refs = rule.leadsTo === undefined ? undefined : backendRefsOf(world, base.service, rule.leadsTo, wanted.shares);
      return imageOf(rule, conditions, refs, options);
    }),
  );
  return 'refused' in images ? images : ok(images.ok.filter((image) => image !== undefined));
}

/**
 * In the dialled service's own namespace. There a policy whose items all name Services of that namespace is a producer's, which holds
 * for the callers of every namespace and zone, whether the name is a MeshService's or a tag's (kuma `core/resources/labels/compute.go`,
 * ComputePolicyRole, and `core/matchers/dataplane.go`, dppSelectedByNamespace and dppSelectedByZone, 2.14; seen so on a cluster); and it
 * counts before the policies of the system namespace where both have equal matches. Up to 2.8 the webhook takes policies for a
 * MeshService in the system namespace only (`webhooks/validation.go`, validateNoTargetRefMeshService, 2.8).
 */
function homeOf({ release: { major, minor }, systemNamespace }: World, namespace: string): string {
  return major === 2 && minor < 9 ? systemNamespace : namespace;
}

function objectOf({ scope, namespace, to }: Draft, n: number, { change, base, env }: EncodeTask): KubeObject {
  return {
    apiVersion: env.served.MeshHTTPRoute ?? 'kuma.io/v1alpha1',
    kind: 'MeshHTTPRoute',
    metadata: {
      name: nameOf(change.owner, base.service.name, n),
      namespace,
      labels: { ...ownerLabels(change.owner), [MESH_LABEL]: base.service.mesh, [ORIGIN_LABEL]: 'zone' },
    },
    spec: { ...(scope.targetRef === undefined ? {} : { targetRef: scope.targetRef }), to },
  };
}

/**
 * Rules that are as specific as each other come in the order of their policies' names, the smaller first: older sessions before younger
 * ones, whose ids sort by time. A standing route's copy is just as specific as its original and must come before it, so its name starts
 * with what sorts before names that people give; copies for sessions are more specific than either.
 */
function nameOf(owner: Owner, service: string, n: number): string {
  const name = owner.kind === 'session' ? shadowName(service, owner.id) : `0-heddle-${owner.id}`;
  return n === 0 ? name : `${name}-${n}`;
}
