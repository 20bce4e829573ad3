import type { Change, Intent, Refusal } from '../model/change.js';
import { sameOwner } from '../model/owner.js';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { describeView } from '../model/view.js';
import type { EffectCheck } from './check-effect.js';
import { isServiceHost, versionOf } from './outcome.js';
import { matchImplies, orEvery } from './overlap.js';
import { isForeign } from './scope.js';

/**
 * Versions that a standing route would send requests or copies of them to though nobody is there to answer: one refusal for each. Callers
 * for whom the service itself does not exist are no worse off. What it leaves as it is may be dead already. Whether a session's shadow
 * answers is its owner's own business, but not whether it exists for those who are answered today. `spared`: versions to which no more
 * goes than goes already.
 */
export function deadTargets(change: Change, tables: readonly RouteTable[], spared: ReadonlySet<string> = new Set()): readonly Refusal[] {
  if (change.owner.kind === 'session') return unseenShadow(change, tables);
  const refused = new Map<string, Refusal>();
  for (const table of tables) {
    const unseen = isUnseen(change, table);
    for (const rule of table.rules.filter(({ owner }) => sameOwner(owner, change.owner))) {
      for (const target of declaredTargets(rule, change)) {
        if (unseen && target.destination.endpoints === 'no-cluster') continue;
        if (spared.has(target.version)) continue;
        const refusal = refusalOf(target, table);
        const key = `${refusal?.code} ${target.version}`;
        if (refusal !== undefined && !refused.has(key)) refused.set(key, refusal);
      }
    }
  }
  return [...refused.values()];
}

/** Versions that the owner's rules send to today, where no request is seen to lose more to them than it does already. */
export function sparedVersions(was: readonly Intent[], { changed, cut }: Pick<EffectCheck, 'changed' | 'cut'>): ReadonlySet<string> {
  if (cut > 0) return new Set();
  const lost = new Set(changed.flatMap((one) => one.lost));
  return new Set([...sentTo(was), ...copiedTo(was)].filter((version) => !lost.has(version)));
}

const sentTo = (intents: readonly Intent[]) => intents.flatMap((intent) => ('to' in intent ? intent.to.map(({ version }) => version) : []));
const copiedTo = (intents: readonly Intent[]) => intents.flatMap((intent) => ('mirror' in intent ? [intent.mirror.version] : []));

interface Target {
  readonly destination: Destination;
  /** Of the change, by its id. */
  readonly version: string;
  readonly mirrored: boolean;
}

/** Where a rule of ours leads because the change says so. */
function declaredTargets({ action, mirrors = [] }: Rule, change: Change): readonly Target[] {
  const versions = (used: readonly string[], mirrored: boolean, targets: readonly Destination[]): readonly Target[] =>
    targets.flatMap((destination) => {
      const version = versionOf(destination, change)?.id;
      return version !== undefined && used.includes(version) ? [{ destination, version, mirrored }] : [];
    });
  const mirrorTargets = mirrors.map(({ destination }) => destination);
  return [...versions(sentTo(change.intents), false, targetsOf(action)), ...versions(copiedTo(change.intents), true, mirrorTargets)];
}

function unseenShadow(change: Change, tables: readonly RouteTable[]): readonly Refusal[] {
  const unseen = tables.find(({ rules }) => {
    const lost = rules.filter(
      ({ owner, action }) =>
        sameOwner(owner, change.owner) && targetsOf(action).some((to) => isUnknown(to) && versionOf(to, change) !== undefined),
    );
    return lost.some((ours) => {
      const copied = rules.find(
        (rule) => isForeign(rule) && orEvery(rule.match).some((wide) => orEvery(ours.match).some((one) => matchImplies(one, wide))),
      );
      return copied !== undefined && targetsOf(copied.action).some((to) => !isUnknown(to));
    });
  });
  if (unseen === undefined) return [];
  const behind = change.versions.some(({ realise }) => realise !== 'service');
  return [
    {
      code: 'version-unseen',
      message: `The shadow does not exist for ${describeView(unseen.view)}, whose requests are answered today: they would get 503`,
      instead: behind
        ? 'Give the shadow a Service of its own: --realise service'
        : 'Show the Service to all whom the rules for it are shown to, or the rules to those alone who see the Service',
    },
  ];
}

const targetsOf = (action: RouteTable['otherwise']): readonly Destination[] =>
  typeof action === 'object' && 'to' in action ? action.to : [];

const isUnknown = ({ endpoints }: Destination): boolean => endpoints === 'no-cluster';

/** Whether nothing that is the service exists for the callers of a table: what others send there is answered 503 already. */
function isUnseen({ services }: Change, { rules, otherwise }: RouteTable): boolean {
  const actions = [...rules.filter(isForeign).map(({ action }) => action), otherwise];
  const targets = actions
    .flatMap((action) => (typeof action === 'object' && 'to' in action ? action.to : []))
    .filter(({ host }) => services.some((service) => isServiceHost(host, service)));
  return targets.length > 0 && targets.every(({ endpoints }) => endpoints === 'no-cluster');
}

function refusalOf({ destination, version, mirrored }: Target, table: RouteTable): Refusal | undefined {
  const { endpoints, host, subset } = destination;
  if (endpoints === 'no-cluster') {
    const what = subset === undefined ? `Service ${host}` : `subset ${subset} of ${host}`;
    const instead =
      subset === undefined ? '' : ' (another object may count for them in its place), make a Service of its own for the version';
    return {
      code: 'version-unseen',
      message: `Version ${version} does not exist for ${describeView(table.view)}: ${mirrored ? 'nothing would be mirrored for them' : 'their requests would be answered 503'}`,
      instead: `Make ${what} visible to them${instead}, or name another version`,
    };
  }
  if (endpoints.length > 0) return undefined;
  return {
    code: 'no-ready-pods',
    message: `Version ${version} has no ready pod: ${mirrored ? 'what is mirrored to it would be lost' : 'its share of the requests would be answered 503'}`,
    instead: `Start its pods and wait until they are ready, or ${mirrored ? 'leave the mirror out' : `give ${version} no weight`}`,
  };
}
