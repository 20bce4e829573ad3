import { metaOf, ok, type Result, refuse } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { conjoin } from './conjoin.js';
import { plainRule } from './copy-rule.js';
import { leavesUnmatched } from './coverage.js';
import { isOwnObject } from './own-object.js';
import { planeOf } from './relation.js';
import { type Exposed, isOwnTable, type Site } from './site.js';
import type { Wanted } from './wanted.js';

/**
 * Rules for requests that no foreign rule matches: on the mesh, the 404 of the service's own host is the session's too (principle 4).
 * Nobody else's request may come to be matched, so hosts that share the object are a reason to refuse. A standing route changes
 * destinations, and a 404 has none: it opens nothing that the rules have kept closed.
 */
export function unmatchedRules(site: Site, want: Wanted, exposed: Exposed): Result<readonly Raw[]> {
  if (want.kind === 'route') return ok([]);
  // The catch-alls in an object of ours leave nothing unmatched.
  if (isOwnObject(site.object)) return ok([]);
  const open = site.tables.filter((table) => isOwnTable(table, exposed) && leavesUnmatched(table.table)).map(({ table }) => table.port);
  if (open.length === 0) return ok([]);
  if (site.hosts.some((host) => host !== exposed.host)) {
    return refuse(
      'several-hosts',
      `VirtualService ${site.namespace}/${metaOf(site.object).name} is for several hosts and answers 404 where none of its rules matches; a rule for that would be all its hosts'`,
      'add a rule without a match to it first',
    );
  }
  const rules: Raw[] = [];
  for (const port of new Set(open)) {
    // Proxies may know the Service's name on other ports as well, where a 404 is not the service's.
    const filter = { ...(exposed.allPorts.length > 1 || exposed.strayOn80 ? { port } : {}), ...planeOf(site, true) };
    const matches = conjoin([{}], filter, want, site, { where: 'a rule for requests that no other matches', rewritesMatchedPath: false });
    if ('refused' in matches) return matches;
    if (matches.ok.length > 0) rules.push(plainRule(matches.ok, want.to ?? [], port));
  }
  return ok(rules);
}
