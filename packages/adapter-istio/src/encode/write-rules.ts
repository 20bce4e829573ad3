import {
  describeService,
  type KubeObject,
  metaOf,
  type Note,
  type ObjectEdit,
  ok,
  ownerKey,
  type Planned,
  type Refusal,
  refKey,
  refOf,
} from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { ruleName } from '../owned/rule-name.js';
import { arrange, isForeign, placedOthers } from './arrange.js';
import type { BaseService } from './base-service.js';
import { refuseDelegates } from './delegates.js';
import { creation, editTo } from './edits.js';
import { gitOpsNotes, refuseEditing } from './guards.js';
import { isOwnObject, ownForeign } from './own-object.js';
import { hiddenBehind, ownSite } from './own-site.js';
import { ownSubsetsOf, writeSubsets } from './own-subsets.js';
import { placeRules } from './place-rules.js';
import { removeRules } from './remove.js';
import type { Site } from './site.js';
import { refuseMeeting, refuseSite, refuseWidening } from './site-guards.js';
import { policyNotes } from './traffic-policies.js';
import { httpOf } from './virtual-service.js';
import type { WriteTask } from './write-task.js';

/** Rules into every site, a VirtualService of our own for the mesh where none decides, and none of the owner's anywhere else. */
export function writeRules(task: WriteTask): Planned<readonly ObjectEdit[]> {
  const { change, env, service } = task;
  const own = ownSite(task);
  if ('refused' in own) return own;
  const sites = own.ok === undefined ? task.sites : [...task.sites, own.ok.site];
  const refused: Refusal[] = [];
  const notes: Note[] = [...(own.ok?.notes ?? []), ...guesses(service), ...policyNotes(task)];
  const edits: ObjectEdit[] = [];
  const hosts = task.wanted.flatMap(({ to = [] }) => to.map(({ host }) => host.toLowerCase()));
  let placed = 0;
  for (const site of sites) {
    const guarded = [
      ...refuseEditing(site.object, change.owner, { hosts, base: service.exposed.host, env }),
      ...refuseSite(site, service),
      ...refuseDelegates(site, change.owner),
    ];
    refused.push(...guarded);
    if (guarded.length > 0) continue;
    const written = rulesOf(site, task);
    if ('refused' in written) {
      refused.push(...written.refused);
      continue;
    }
    placed += written.placed;
    notes.push(...written.notes, ...gitOpsNotes(site.object), ...hiddenBehind(site, task));
    if (written.placed === 0) notes.push(nothingIn(site, service));
    const why = `rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
    const isNew = metaOf(site.object).uid === undefined && !task.objects.includes(site.object);
    if (isNew) edits.push(creation({ ...site.object, spec: { ...specWith(site.object, written.http) } }, why, env));
    else edits.push(...editTo(site.object, written.http, why, env));
  }
  if (refused.length > 0) return { refused };
  if (placed === 0) return { refused: [nowhere(service)] };
  const { owner } = change;
  const subsets = ownSubsetsOf(change);
  const added = subsets.length === 0 ? ok([]) : writeSubsets({ owner, subsets }, service, task.destinationRules, env);
  if ('refused' in added) return added;
  const written = new Set(sites.map((site) => refKey(refOf(site.object))));
  const stale = removeRules(
    change,
    task.objects.filter((object) => !written.has(refKey(refOf(object)))),
    subsets.length === 0 ? task.destinationRules : [],
    env,
  );
  return 'refused' in stale ? stale : { ok: [...added.ok, ...edits, ...stale.ok], notes };
}

function rulesOf(
  site: Site,
  { change, env, service, wanted, sites, bare }: WriteTask,
): { readonly http: readonly Raw[]; readonly placed: number; readonly notes: readonly Note[] } | { readonly refused: readonly Refusal[] } {
  const http = httpOf(site.object);
  const foreign = isOwnObject(site.object) ? ownForeign(site.object, service) : http.filter(isForeign);
  const placing = placeRules(site, foreign, wanted, service.exposed, env);
  if ('refused' in placing) return placing;
  const others = placedOthers(http, change.owner);
  const elsewhere = [...bare, ...sites.filter((one) => one !== site).flatMap(({ tables }) => tables)];
  const refused = [
    ...(change.owner.kind === 'route' ? refuseMeeting(others, placing.ok, site) : []),
    ...refuseWidening(site, foreign, placing.ok.placed, elsewhere),
  ];
  if (refused.length > 0) return { refused };
  const ours = placing.ok.placed.map(({ gap, rule }, n) => ({ gap, rule: { name: ruleName(change.owner, n), ...rule } }));
  return {
    http: arrange(foreign, [...others, ...ours]),
    placed: ours.length,
    notes: placing.ok.notes,
  };
}

const specWith = (object: KubeObject, http: readonly Raw[]): Raw => ({ ...(object.spec as Raw), http });

const guesses = ({ namespace, name, guessedPorts }: BaseService): readonly Note[] =>
  guessedPorts.map((port) => ({
    code: 'protocol-guessed',
    message: `Port ${port} of Service ${namespace}/${name} does not say its protocol; proxies look at the first bytes, and rules hold only if they see HTTP`,
  }));

const nothingIn = (site: Site, { namespace, name }: BaseService): Note => ({
  code: 'nothing-taken',
  message: `VirtualService ${site.namespace}/${metaOf(site.object).name} sends no request to ${namespace}/${name} that could match`,
  ref: refOf(site.object),
});

const nowhere = ({ namespace, name, exposed }: BaseService): Refusal => ({
  code: 'nothing-to-take',
  message: `No rule of the mesh sends requests to ${namespace}/${name} port ${exposed.ports.join(', ')} that could match`,
  instead: 'look at what decides: heddle route show',
});
