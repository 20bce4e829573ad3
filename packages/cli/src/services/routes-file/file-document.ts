import { planDocument, type RoutePlanDocument } from '../standing-route/change-document.js';
import type { RouteChange } from '../standing-route/route-change.js';
import type { PlacedRoutesFile } from './place-files.js';

/** What `heddle route apply` and `diff` planned or did; schemas/route-apply.json. */
export interface RoutesFileDocument {
  /** `left`: something could not be taken back. `unfinished`: some services are not written. */
  readonly outcome: 'planned' | 'unchanged' | 'done' | 'left' | 'unfinished';
  readonly files: readonly { readonly name: string; readonly namespace: string }[];
  /** One for each service, and set of its ports, that the files have or had routes for; `planned`: not written. */
  readonly plans: readonly RoutePlanDocument[];
}

export function fileDocument(files: readonly PlacedRoutesFile[], changes: readonly RouteChange[]): RoutesFileDocument {
  return {
    outcome: outcomeOf(changes.map(({ outcome }) => outcome)),
    files: files.map(({ file: { name }, namespace }) => ({ name, namespace })),
    plans: changes.map(planDocument),
  };
}

function outcomeOf(outcomes: readonly RouteChange['outcome'][]): RoutesFileDocument['outcome'] {
  const written = outcomes.filter((outcome) => outcome !== 'planned' && outcome !== 'unchanged');
  if (outcomes.includes('planned')) return written.length > 0 ? 'unfinished' : 'planned';
  if (written.length === 0) return 'unchanged';
  return written.includes('left') ? 'left' : 'done';
}
