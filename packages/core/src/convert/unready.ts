import { seenPods } from '../lint/seen-pods.js';
import { type KubeObject, metaOf } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import { isService, selectorOf } from './routing-of.js';

/** Services named in one note; more are counted. */
const NAMED = 8;

/**
 * Services that select Pods of which none is ready: what a mesh makes of their rules meanwhile (of one it takes the port for TCP, of
 * another it finds nobody) is what is converted.
 */
export function unreadyNotes(objects: readonly KubeObject[]): readonly string[] {
  const pods = seenPods(observeObjects(objects, [{ group: '', kind: 'Pod' }]));
  const names = objects.filter(isService).flatMap((service) => {
    const { namespace = '', name } = metaOf(service);
    const selector = selectorOf(service);
    const isEmpty = selector === undefined || Object.keys(selector).length === 0;
    return isEmpty || pods.selected(namespace, selector).some(({ ready }) => ready) ? [] : [`${namespace}/${name}`];
  });
  if (names.length === 0) return [];
  const more = names.length - NAMED;
  const named = `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const [which, them] = names.length === 1 ? ['Service', 'it'] : ['Services', 'them'];
  return [
    `No Pod is ready of ${which} ${named}: what is converted of ${them} is what the mesh does meanwhile, which may be to take a port for TCP and to pass over rules. ` +
      'Take the objects again when Pods are ready, or leave Pods out: then ready ones are assumed.',
  ];
}
