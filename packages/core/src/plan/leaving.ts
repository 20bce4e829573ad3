import type { Change, ObjectEdit } from '../model/change.js';
import { refKey } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { Rule } from '../model/table.js';
import { isManaged } from './foreign-content.js';
import { seenObject } from './simulate.js';

/** Whether a rule of nobody (a catch-all) stands in an object of heddle's that goes with the last rule in it. */
export type Leaving = (rule: Rule | undefined) => boolean;

/**
 * Removing the last rule takes an object of ours away, and with it the catch-all that stood for the implicit route. If a user made
 * an object for the same host meanwhile, it counts only from then on: that is what the table without ours gives, no fault of the removal.
 */
export function leavingRules(change: Change, edits: readonly ObjectEdit[], seen: Observed): Leaving {
  const gone = edits.filter(({ op, ref }) => op === 'delete' && change.intents.length === 0 && isManaged(seenObject(seen, ref)));
  const keys = new Set(gone.map(({ ref }) => refKey(ref)));
  return (rule) => rule !== undefined && rule.origins.length > 0 && rule.origins.every(({ ref }) => keys.has(refKey(ref)));
}
