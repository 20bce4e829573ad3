import {
  describeMatch,
  describeRef,
  type Finding,
  finding,
  type Match,
  matchExcludes,
  matchImplies,
  type RouteTable,
  type Rule,
  refKey,
  ruleName,
} from '@heddle/core';

/**
 * Rules by headers without a path: any rule with a path goes before them, so that what both match goes there (kuma
 * `meshhttproute/api/v1alpha1/compare.go`, 2.14). Rules that ask for as much and more are meant to be exceptions.
 */
export function losingRules(tables: readonly RouteTable[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { rules } of tables) {
    for (const [at, rule] of rules.entries()) {
      const origin = rule.origins[0];
      if (origin === undefined || rule.owner !== 'foreign') continue;
      const losing = rule.match.filter(({ path, headers = [], query = [] }) => path === undefined && headers.length + query.length > 0);
      const first = losing.map((match) => winnerOf(match, rules.slice(0, at))).find((one) => one !== undefined);
      const key = `${refKey(origin.ref)}${origin.pointer}`;
      if (first === undefined || found.has(key)) continue;
      const [match, by] = first;
      const other = by.origins[0];
      const where = other === undefined ? 'another rule' : `${ruleName(other)} of ${describeRef(other.ref)}`;
      const text = `${ruleName(origin)} has a match without a path, which any rule with a path goes before: ${describeMatch(match)} goes to ${where} even where this one fits too`;
      found.set(
        key,
        finding('warning', 'rule-loses', origin.ref, text, {
          pointer: origin.pointer,
          fix: 'add a path to the match, as long as those of the other rules',
        }),
      );
    }
  }
  return [...found.values()];
}

function winnerOf(match: Match, earlier: readonly Rule[]): readonly [Match, Rule] | undefined {
  for (const rule of earlier) {
    if (rule.owner !== 'foreign') continue;
    const wins = rule.match.find((one) => one.path !== undefined && !matchExcludes(one, match) && !matchImplies(one, match));
    if (wins !== undefined) return [wins, rule];
  }
  return undefined;
}
