import { collectResults, joinsRepeated, type KubeObject, type Owner, ok, type Result, shadowName } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { MESH_LABEL, ORIGIN_LABEL } from '../../decode/tags.js';
import type { ServicePort, World } from '../../decode/world-types.js';
import { ownerLabels } from '../../owned/ownership.js';
import type { EncodeTask } from '../encode-task.js';
import { refuseShared } from '../refuse-shared.js';
import type { Site } from '../sites.js';
import { conditionOf } from './condition.js';
import { backendRefsOf, mirrorFilter, toRef } from './destinations.js';
import { type ForeignRouteRule, foreignRules } from './foreign.js';
import { type Conditional, imageOf, implicitImage, type Treatment } from './images.js';
import { withMeetings } from './meetings.js';
import type { RuleDraft } from './rule-draft.js';
import { type CallerScope, scopeKey, scopeOf, WHOLE_MESH } from './scope.js';
import { weakerMatches } from './weaker-rules.js';
import { writtenRules } from './written-rules.js';

/** One object that an owner is to have: for a set of callers, in a namespace. */
interface Draft {
  readonly scope: CallerScope;
  readonly namespace: string;
  readonly to: readonly Raw[];
}

/** The MeshHTTPRoutes that an owner is to have: one for the whole mesh, and one for each set of callers that users have routes for. */
export function wantedObjects(task: EncodeTask): Result<readonly KubeObject[]> {
  const conditionals = collectResults(
    task.wanted.map(({ matches }, intent): Result<Conditional> => {
      const conditions = collectResults(matches.map(conditionOf));
      return 'refused' in conditions ? conditions : ok({ intent, conditions: conditions.ok });
    }),
  );
  if ('refused' in conditionals) return conditionals;
  const drafts = new Map<string, Draft>();
  const ownFirst = task.sites.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  for (const site of ownFirst) {
    const made = draftsFor(site, conditionals.ok, task);
    if ('refused' in made) return made;
    for (const draft of made.ok) {
      const key = `${scopeKey(draft.scope)} ${draft.namespace}`;
      drafts.set(key, { ...draft, to: [...(drafts.get(key)?.to ?? []), ...draft.to] });
    }
  }
  return ok([...drafts.values()].map((draft, n) => objectOf(draft, n, task)));
}

function draftsFor(site: Site, conditionals: readonly Conditional[], task: EncodeTask): Result<readonly Draft[]> {
  const { world, base, wanted, change, env } = task;
  const mirrors = wanted.some(({ mirror }) => mirror !== undefined);
  const foreign = foreignRules(site, base, mirrors ? ['backendRefs', 'filters'] : ['backendRefs']);
  if ('refused' in foreign) return foreign;
  const shared = foreign.ok.find((rule) => rule.isShared);
  if (shared !== undefined && change.owner.kind === 'route' && wanted.some(({ shares }) => shares !== undefined))
    return refuseShared(shared.where);
  const home = homeOf(world, site.service.namespace);
  const scopes = new Map<string, CallerScope>(site.isOwn ? [[scopeKey(WHOLE_MESH), WHOLE_MESH]] : []);
  for (const { policy } of foreign.ok) scopes.set(scopeKey(scopeOf(policy)), scopeOf(policy));
  const joins = joinsRepeated(env.envoy);
  const drafts = collectResults(
    [...scopes].map(([key, scope]) => {
      const isConsumer = scope.consumerNamespace !== undefined;
      const namespace = scope.consumerNamespace ?? home;
      const beneath = foreign.ok.filter(({ policy }) => scopeKey(scopeOf(policy)) === key);
      const options = { home: { namespace, major: world.release.major }, joinsRepeated: joins };
      const images = collectResults(
        conditionals.flatMap((conditional) =>
          beneath.map((rule) => imageOf(rule, conditional, treatmentOf(conditional, rule.leadsTo, task), options)),
        ),
      );
      if ('refused' in images) return images;
      const isLast = site.isOwn && key === scopeKey(WHOLE_MESH);
      const implicit = isLast ? conditionals.flatMap((one) => implicitOf(one, site.port, foreign.ok, task)) : [];
      const targetRef = toRef(world, site.service, site.port, { namespace, isConsumer });
      const inOrder = [...images.ok.filter((image) => image !== undefined), ...implicit].sort((a, b) => a.intent - b.intent);
      const rules = withMeetings(inOrder, weakerMatches(targetRef, scope, task), joins);
      if ('refused' in rules) return rules;
      const written = writtenRules(rules.ok, foreign.ok);
      return ok({ scope, namespace, to: written.length === 0 ? [] : [{ targetRef, rules: written }] });
    }),
  );
  return 'refused' in drafts ? drafts : ok(drafts.ok.filter(({ to }) => to.length > 0));
}

function implicitOf(
  conditional: Conditional,
  port: ServicePort,
  foreign: readonly ForeignRouteRule[],
  task: EncodeTask,
): readonly RuleDraft[] {
  const treatment = treatmentOf(conditional, port, task);
  return treatment === undefined ? [] : [implicitImage(conditional, treatment, foreign)];
}

/** What becomes of requests that go to a port of the service; of those that go elsewhere nothing. */
function treatmentOf(
  { intent }: Conditional,
  port: ServicePort | undefined,
  { world, base, wanted, change }: EncodeTask,
): Treatment | undefined {
  if (port === undefined) return undefined;
  const { shares, mirror } = wanted[intent] ?? {};
  return {
    owner: change.owner,
    ...(shares === undefined ? {} : { backendRefs: backendRefsOf(world, base.service, port, shares) }),
    ...(mirror === undefined ? {} : { mirror: mirrorFilter(world, base.service, port, mirror) }),
  };
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
 * ones, whose ids sort by time, then standing routes, then names that people give.
 */
function nameOf(owner: Owner, service: string, n: number): string {
  const name = owner.kind === 'session' ? `0-${shadowName(service, owner.id)}` : `1-heddle-${owner.id}`;
  return n === 0 ? name : `${name}-${n}`;
}
