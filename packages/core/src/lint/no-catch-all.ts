import { refKey } from '../model/object.js';
import type { RouteTable } from '../model/table.js';
import { describeView } from '../model/view.js';
import { orEvery } from '../plan/overlap.js';
import { isEveryPath } from '../plan/overlap-path.js';
import { type Finding, finding } from './finding.js';

/**
 * Objects whose rules leave some requests of callers in the mesh without an answer but 404. A gateway has nothing to say for what nobody
 * routes, so there it is no surprise.
 */
export function noCatchAll(tables: readonly RouteTable[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { view, rules, otherwise, domains } of tables) {
    const foreign = rules.filter(({ owner }) => owner === 'foreign');
    const root = foreign.at(-1)?.origins[0]?.ref;
    if (view.plane !== 'mesh' || root === undefined || typeof otherwise !== 'object' || !('status' in otherwise)) continue;
    if (foreign.some((rule) => rule.opaque === undefined && orEvery(rule.match).some(takesAll)) || found.has(refKey(root))) continue;
    const host = nameIn(domains);
    const who = describeView(view);
    const text = `requests for ${host} that none of its rules matches get ${otherwise.status} (${who})`;
    found.set(
      refKey(root),
      finding('warning', 'no-catch-all', root, text, {
        pointer: '/spec/http',
        fix: 'end the list with a rule without match, if others should be answered',
      }),
    );
  }
  return [...found.values()];
}

const takesAll = ({ path, method, scheme, authority, headers, query }: ReturnType<typeof orEvery>[number]): boolean =>
  (path === undefined || isEveryPath(path)) && [method, scheme, authority, headers, query].every((one) => one === undefined);

/** The shortest of the names, which says enough; addresses say nothing. */
function nameIn(domains: readonly string[]): string {
  const names = domains.filter((domain) => !/^[\d.]+$|:/.test(domain));
  return [...names].sort((a, b) => a.length - b.length)[0] ?? domains[0] ?? '*';
}
