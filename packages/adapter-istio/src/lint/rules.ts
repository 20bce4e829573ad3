import { type Finding, finding, type MeshEnvironment, type Regexes, ruleName } from '@heddle/core';
import { appliesEverywhere, compileMatch, isCatchAll } from '../decode/compile-match.js';
import { number, type Raw, record, records, text as textOf } from '../decode/raw.js';
import type { HttpRule, VirtualService } from '../decode/world-types.js';
import { RESERVED_PREFIX } from '../owned/rule-name.js';
import { lintMatches } from './matches.js';

/** What is wrong with the rules of one VirtualService by themselves. Those of heddle's own are passed over. */
export function lintRules(one: VirtualService, env: MeshEnvironment, regexes: Regexes): readonly Finding[] {
  const raws = records(record(one.object.spec).http);
  const rules = one.http.map((rule, index) => ({ rule, raw: raws[index] ?? {}, pointer: `/spec/http/${index}` }));
  const foreign = rules.filter(({ rule }) => !rule.name.startsWith(RESERVED_PREFIX));
  return [
    ...behindCatchAll(one, foreign, env),
    ...foreign.flatMap(({ rule, raw, pointer }) => [
      ...weights(one, raw, pointer),
      ...rewrite(one, rule, raw, pointer),
      ...records(raw.match).flatMap((match, index) => lintMatches(one.ref, match, `${pointer}/match/${index}`, regexes)),
    ]),
  ];
}

interface Stated {
  readonly rule: HttpRule;
  readonly raw: Raw;
  readonly pointer: string;
}

/** Rules after one that matches every request are not even told to proxies (istio `pilot/pkg/networking/core/route/route.go`, 1.31). */
function behindCatchAll(one: VirtualService, rules: readonly Stated[], env: MeshEnvironment): readonly Finding[] {
  // What a delegate's rules leave is told by the tables.
  const at = rules.findIndex(
    ({ rule }) => rule.delegate === undefined && (rule.match.length === 0 || rule.match.some((raw) => takesAll(raw, env))),
  );
  const last = rules[at];
  if (last === undefined) return [];
  return rules.slice(at + 1).map(({ rule, pointer }) => {
    const origin = (stated: HttpRule) => ruleName(stated.origins[0] ?? { index: 0 });
    const text = `${origin(rule)} is never reached: ${origin(last.rule)} comes before it and matches every request`;
    return finding('warning', 'rule-unreached', one.ref, text, { pointer, fix: 'put it before that rule, or take it out' });
  });
}

function takesAll(raw: Raw, env: MeshEnvironment): boolean {
  const { match, claims } = compileMatch(raw, env);
  return appliesEverywhere(raw) && isCatchAll(match, claims);
}

/** Weights are shares of their sum; one left away is 0, and a lone destination gets everything (istio `route.go`, 1.31). */
function weights(one: VirtualService, raw: Raw, pointer: string): readonly Finding[] {
  const routes = records(raw.route);
  const stated = routes.map(({ weight }) => number(weight));
  const sum = stated.reduce<number>((total, weight) => total + (weight ?? 0), 0);
  if (routes.length === 1) {
    if (stated[0] !== 0) return [];
    const text = 'its one destination has weight 0 and gets every request all the same';
    return [
      finding('warning', 'weight-zero', one.ref, text, {
        pointer: `${pointer}/route/0/weight`,
        fix: 'leave the weight away, or send the requests elsewhere',
      }),
    ];
  }
  const omitted = stated.flatMap((weight, index) => (weight === undefined ? [index] : []));
  if (routes.length > 1 && omitted.length > 0 && sum > 0) {
    return omitted.map((index) => {
      const { host, subset } = record(routes[index]?.destination);
      const what = [subset === undefined ? '' : `subset ${textOf(subset)} of `, textOf(host)].join('');
      const text = `${what} has no weight, which counts as 0 beside the others: it gets no requests`;
      return finding('warning', 'weight-omitted', one.ref, text, { pointer: `${pointer}/route/${index}`, fix: 'give it a weight' });
    });
  }
  if (routes.length < 2 || sum === 0 || sum === 100) return [];
  const shares = stated.map((weight = 0) => `${Math.round((weight / sum) * 1000) / 10} %`).join(', ');
  const text = `the weights ${stated.map((weight = 0) => weight).join(', ')} sum to ${sum} and not to 100, so they are shares of ${shares}; Istio before 1.15 refuses them`;
  // 1 and 3, or 999 and 1, are meant as shares; 90 and 20 are a slip.
  const severity = sum < 80 || sum === 1000 || sum === 10_000 ? 'info' : 'warning';
  return [finding(severity, 'weights-sum', one.ref, text, { pointer: `${pointer}/route`, fix: 'make them sum to 100' })];
}

/** What `rewrite.uri` replaces is what the match covered: without a path in the match that is the first slash. */
function rewrite(one: VirtualService, rule: HttpRule, raw: Raw, pointer: string): readonly Finding[] {
  const uri = textOf(record(raw.rewrite).uri);
  if (uri === '' || raw.delegate !== undefined) return [];
  const place = { pointer: `${pointer}/rewrite/uri` };
  const anyPath = rule.match.length === 0 || rule.match.some(({ uri: of }) => of == null || record(of).prefix === '/');
  if (anyPath && !uri.endsWith('/')) {
    const text = `the rewrite to ${uri} has no path prefix in its match to take the place of, so it replaces the first slash: /a/b becomes ${uri}a/b`;
    return [
      finding('warning', 'rewrite-without-prefix', one.ref, text, {
        ...place,
        fix: 'match the prefix that is meant, or take the rewrite out',
      }),
    ];
  }
  const doubled = rule.match.map(({ uri: of }) => textOf(record(of).prefix)).find((prefix) => prefix.length > 1 && !prefix.endsWith('/'));
  if (!uri.endsWith('/') || doubled === undefined) return [];
  const text = `the rewrite of the prefix ${doubled} to ${uri} leaves two slashes: ${doubled}/b becomes ${uri}/b`;
  return [
    finding('info', 'rewrite-double-slash', one.ref, text, { ...place, fix: `match ${doubled}/ as a prefix, and ${doubled} exactly` }),
  ];
}
