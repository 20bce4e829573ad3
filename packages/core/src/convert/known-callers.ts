import { type KubeObject, metaOf } from '../model/object.js';
import { type Client, type View, viewHolds } from '../model/view.js';
import { plainViews } from '../views/plain-views.js';
import { isService, selectorOf } from './routing-of.js';

/** Who calls, as far as the objects show it. */
export interface KnownCallers {
  /** Whether some Pod is in all of these views, or one may be that the objects do not show. */
  mayCall(views: readonly View[]): boolean;
}

/** Every cluster has it: without it, a dump lacks others too, and so callers. */
const SYSTEM = 'kube-system';

const isOf = (object: KubeObject, kind: string): boolean => object.kind === kind && object.apiVersion === 'v1';

/** The API server gives each object of a cluster a uid. */
const isDumped = (object: KubeObject): boolean => metaOf(object).uid !== undefined;

/**
 * All namespaces, where the objects are a dump that has them. `undefined` where `kube-system` is not among them, or where an object is in
 * one that is not.
 */
export function shownNamespaces(objects: readonly KubeObject[]): ReadonlySet<string> | undefined {
  const shown = new Set(objects.filter((object) => isOf(object, 'Namespace') && isDumped(object)).map((object) => metaOf(object).name));
  const isWhole = objects.every((object) => {
    const { namespace } = metaOf(object);
    return namespace === undefined || shown.has(namespace);
  });
  return shown.has(SYSTEM) && isWhole ? shown : undefined;
}

/**
 * The callers of a dump that has all Namespaces and its Pods; of anything less, everybody may call. Of a namespace without Pods nobody does,
 * unless it has Services that should have some. `hasProxy`: whether rules hold for what a running Pod sends.
 */
export function knownCallers(objects: readonly KubeObject[], hasProxy: (pod: KubeObject) => boolean): KnownCallers {
  const shown = shownNamespaces(objects);
  const pods = objects.filter((object) => isOf(object, 'Pod'));
  if (shown === undefined || !pods.some(isDumped)) return { mayCall: () => true };
  const callers = pods
    .filter((pod) => !isDumped(pod) || hasProxy(pod))
    .map((pod): Client => {
      const { namespace = '', labels } = metaOf(pod);
      return { kind: 'sidecar', namespace, labels };
    });
  const peopled = new Set(pods.map((pod) => metaOf(pod).namespace ?? ''));
  const unseen = new Set(
    objects
      .filter((object) => isService(object) && Object.keys(selectorOf(object) ?? {}).length > 0)
      .map((service) => metaOf(service).namespace ?? '')
      .filter((namespace) => !peopled.has(namespace)),
  );
  return {
    mayCall: (views) =>
      callers.some((client) => views.every((view) => viewHolds(view, client))) ||
      [...unseen].some((namespace) => views.every((view) => mayHold(view, namespace))),
  };
}

/** Whether a Pod of the namespace is in the view, if it has the right labels. */
function mayHold(view: View, namespace: string): boolean {
  return plainViews(view).some((plain) => {
    if (plain.plane !== 'mesh') return false;
    const isWhole = (plain.except ?? []).some(({ namespaces, labels = {} }) => {
      return Object.keys(labels).length === 0 && (namespaces === undefined || namespaces.includes(namespace));
    });
    return !isWhole && (plain.clients.namespaces === undefined || plain.clients.namespaces.includes(namespace));
  });
}
