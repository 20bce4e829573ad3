import { describeRef, type Findings } from '@heddle/core';
import type { DecidingTable } from './deciding-types.js';

/** Destinations that no request can reach, by the object that names them. */
export function reportDestinations(tables: readonly DecidingTable[], found: Findings): void {
  for (const { table } of tables) {
    for (const rule of table.rules) {
      const ref = rule.origins.at(-1)?.ref;
      const destinations = [
        ...(typeof rule.action === 'object' && 'to' in rule.action ? rule.action.to : []),
        ...(rule.mirrors ?? []).map(({ destination }) => destination),
      ];
      for (const { host, port, subset, endpoints, missingStatus = 503 } of destinations) {
        const what = `${subset === undefined ? '' : `subset ${subset} of `}${host}${port === undefined ? '' : `:${port}`}`;
        const where = ref === undefined ? '' : `${describeRef(ref)}: `;
        if (endpoints === 'no-cluster')
          found.problem('destination-missing', `${where}${what} does not exist for these clients, requests get ${missingStatus}`, ref);
        else if (endpoints.length === 0) found.problem('destination-empty', `${where}${what} has no ready Pod, requests get 503`, ref);
      }
    }
  }
}
