import { type KubeObject, type MeshEnvironment, metaOf, type Note, ok, type Result, refOf, refuse, type View } from '@heddle/core';
import { hostsMatch } from '../decode/hosts.js';
import { texts } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import { isOwnObject, newOwnObject, ownName } from './own-object.js';
import type { Site } from './site.js';
import { gatewaysOf, MESH_GATEWAY, specOf } from './virtual-service.js';
import type { WriteTask } from './write-task.js';

/** The VirtualService of ours for mesh tables in which none decides: the one that exists, or a new one. */
export function ownSite(task: WriteTask): Result<{ readonly site: Site; readonly notes: readonly Note[] } | undefined> {
  const { bare, objects, service, env } = task;
  if (bare.length === 0) return ok(undefined);
  const name = ownName(service.name);
  const existing = objects.find((object) => metaOf(object).name === name && metaOf(object).namespace === service.namespace);
  if (existing !== undefined && !isOwnObject(existing)) {
    return refuse(
      'name-taken',
      `VirtualService ${service.namespace}/${name} is not heddle's, yet has the name that heddle would use`,
      'rename it',
    );
  }
  const claims = objects.filter((object) => object !== existing && claimsHost(object, task));
  const [ineffective] = claims.filter((object) => competes(object, task) || comesFirst(object, task));
  if (ineffective !== undefined) {
    const ref = refOf(ineffective);
    return refuse(
      'implicit-beside-rules',
      `VirtualService ${ref.namespace ?? ''}/${ref.name} is for the service's host but does not decide for all callers or ports, so a second one might not count`,
      'add a rule without a match to it first, and export it to all who call the service',
    );
  }
  const hidden = claims.find((one) => gatewaysOf(one).includes(MESH_GATEWAY) && !claimsByName(one, task));
  if (hidden !== undefined) {
    const ref = refOf(hidden);
    return refuse(
      'implicit-beside-rules',
      `VirtualService ${ref.namespace ?? ''}/${ref.name} is for the service by a wildcard and for some callers only; one for the service's own name would take these away from it`,
      'give it the full name of the service as a host of its own',
    );
  }
  const short = objects.find((one) => one !== existing && gatewaysOf(one).includes(MESH_GATEWAY) && claimsOtherName(one, task));
  if (short !== undefined) {
    const ref = refOf(short);
    return refuse(
      'implicit-beside-rules',
      `VirtualService ${ref.namespace ?? ''}/${ref.name} is for a shorter name or an address of the service, and one for the service itself would be for that as well`,
      'give it the full name of the service as its host',
    );
  }
  const object = existing ?? newOwnObject(service, env);
  const site: Site = {
    object,
    namespace: service.namespace,
    hosts: [service.exposed.host],
    gateways: [MESH_GATEWAY],
    delegates: [],
    tables: bare,
  };
  const atGateways = claims.filter((one) => !gatewaysOf(one).includes(MESH_GATEWAY));
  return ok({ site, notes: atGateways.map((one) => gatewayOnly(one, name)) });
}

/** A user's VirtualService that is younger than ours, which stays as long as others of ours have rules in it. */
export function hiddenBehind(site: Site, task: WriteTask): readonly Note[] {
  if (!isOwnObject(site.object) || task.lone.includes(site.object)) return [];
  const hidden = task.objects.filter((object) => object !== site.object && competes(object, task) && claimsHost(object, task));
  return hidden.map((object) => {
    const ref = refOf(object);
    const message = `VirtualService ${ref.namespace ?? ''}/${ref.name} has no effect on the mesh as long as sessions or standing routes have rules in ${metaOf(site.object).name}, which is older`;
    return { code: 'hidden-virtual-service', message, ref };
  });
}

/**
 * Whether which of the two counts, it or ours, is a matter of age. Ours is public if the Service is: then one that is exported to some
 * namespaces only comes first for their callers and does not exist for all others. Else ours is exported itself, and one that is exported
 * to a namespace of those may come before it or after (istio `push_context.go`, SelectVirtualServices, 1.31).
 */
function competes(
  object: KubeObject,
  {
    env,
    service: {
      exposed: { visible },
    },
  }: WriteTask,
): boolean {
  if (!gatewaysOf(object).includes(MESH_GATEWAY)) return false;
  const exportTo = exportToOf(object, env);
  if (exportTo.includes('*') || exportTo.every((namespace) => namespace === '')) return true;
  return !visible.has('*') && namespacesOf(object, exportTo).some((namespace) => visible.has(namespace));
}

const namespacesOf = (object: KubeObject, exportTo: readonly string[]): readonly string[] =>
  exportTo.map((namespace) => (namespace === '.' ? (metaOf(object).namespace ?? '') : namespace));

function exportToOf(object: KubeObject, env: MeshEnvironment): readonly string[] {
  const own = texts(specOf(object).exportTo);
  const setting = env.settings.defaultVirtualServiceExportTo ?? '';
  return own.length > 0 ? own : setting.split(',').map((part) => part.trim());
}

/** Whether one that is exported to some namespaces only is seen by callers for whom ours would be, and has no rule for them. */
function comesFirst(object: KubeObject, { env, bare }: WriteTask): boolean {
  if (!gatewaysOf(object).includes(MESH_GATEWAY)) return false;
  const namespaces = namespacesOf(object, exportToOf(object, env));
  return bare.some(({ table: { view } }) => view.plane === 'mesh' && namespaces.some((namespace) => mayCallFrom(namespace, view)));
}

function mayCallFrom(namespace: string, { clients, except = [] }: Extract<View, { plane: 'mesh' }>): boolean {
  const all = except.some(({ namespaces, labels }) => labels === undefined && namespaces?.includes(namespace) === true);
  return !all && (clients.namespaces === undefined || clients.namespaces.includes(namespace));
}

const hostsOf = (object: KubeObject, { env }: WriteTask): readonly (string | undefined)[] =>
  texts(specOf(object).hosts).map((host) => completeHost(host, metaOf(object).namespace ?? '', env));

function claimsHost(object: KubeObject, task: WriteTask): boolean {
  return hostsOf(object, task).some((host) => host !== undefined && host !== '*' && hostsMatch(host, task.service.exposed.host));
}

/** A proxy prefers the host itself to a wildcard, whichever object came first (Envoy, virtual host by authority). */
const claimsByName = (object: KubeObject, task: WriteTask): boolean => hostsOf(object, task).includes(task.service.exposed.host);

/** A host with a dot is taken literally; on port 80 it is one that callers write for the service (mesh-semantics §1, hosts). */
function claimsOtherName(object: KubeObject, { service: { name, namespace, exposed, addresses } }: WriteTask): boolean {
  const others = [`${name}.${namespace}`, `${name}.${namespace}.svc`, ...addresses];
  return exposed.allPorts.includes(80) && texts(specOf(object).hosts).some((host) => others.includes(host.toLowerCase()));
}

/** Semantics case 13: rules bound to a gateway alone were never seen by callers in the mesh. */
function gatewayOnly(object: KubeObject, name: string): Note {
  const ref = refOf(object);
  return {
    code: 'gateway-only',
    message: `VirtualService ${ref.namespace ?? ''}/${ref.name} is bound to ${gatewaysOf(object).join(', ')} alone, so callers in the mesh never see it; a VirtualService ${name} is for them`,
    ref,
  };
}
