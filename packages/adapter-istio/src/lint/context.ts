import { isLive, type MeshEnvironment, type Observed, objectsOf, refOf, type SeenPods, seenPods, wasRead } from '@heddle/core';
import { type DestinationRuleIndex, indexDestinationRules } from '../decode/destination-rules.js';
import { hostsMatch } from '../decode/hosts.js';
import { parseVirtualService } from '../decode/parse-config.js';
import { record, texts } from '../decode/raw.js';
import { NETWORKING, readWorld, visibility } from '../decode/world.js';
import type { Config, VirtualService, World } from '../decode/world-types.js';

/** Everything that was seen, read once, with what tells how much of it is known. */
export interface LintContext {
  readonly world: World;
  /** VirtualServices as people wrote them: delegates stand on their own, and roots still name them. */
  readonly written: readonly VirtualService[];
  readonly index: DestinationRuleIndex;
  readonly pods: SeenPods;
  readonly env: MeshEnvironment;
  /** Read from a cluster, and nothing of it kept back; not from files. */
  readonly isLive: boolean;
  /**
   * Whether an object that is not there does not exist: in a cluster that could be read always, else only where others of its kind and
   * namespace are there.
   */
  isComplete(kind: 'Service' | 'Gateway' | 'VirtualService', namespace: string): boolean;
  /** False where rights kept some of the kind back. */
  wasRead(kind: 'Service' | 'DestinationRule' | 'ServiceEntry' | 'VirtualService'): boolean;
  /** Whether a host outside the cluster is one that a ServiceEntry adds. */
  isAdded(host: string): boolean;
}

export function lintContext(seen: Observed, env: MeshEnvironment): LintContext {
  const world = readWorld(seen, env);
  const live = isLive(seen);
  const defaultVisible = visibility(env, 'defaultVirtualServiceExportTo');
  const written = objectsOf(seen, NETWORKING, 'VirtualService').map((object) =>
    parseVirtualService(configOf(object), world.domain, defaultVisible),
  );
  const added = objectsOf(seen, NETWORKING, 'ServiceEntry').flatMap((object) => texts(record(object.spec).hosts));
  const known = {
    Service: namespacesOf(world.services),
    Gateway: namespacesOf(world.gateways),
    VirtualService: namespacesOf(written),
  };
  return {
    world,
    written,
    index: indexDestinationRules(world, env.settings.defaultDestinationRuleExportTo === '.'),
    pods: seenPods(seen),
    env,
    isLive: live,
    isComplete: (kind, namespace) => live || known[kind].has(namespace),
    wasRead: (kind) => wasRead(seen, kind === 'Service' ? '' : NETWORKING, kind),
    isAdded: (host) => added.some((one) => hostsMatch(one.toLowerCase(), host)),
  };
}

const namespacesOf = (configs: readonly Config[]): ReadonlySet<string> => new Set(configs.map(({ namespace }) => namespace));

function configOf(object: Config['object']): Config {
  const ref = refOf(object);
  return { ref, object, namespace: ref.namespace ?? '', name: ref.name, age: 0 };
}
