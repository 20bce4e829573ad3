import type { HttpRoute } from '../schema/http-route.js';
import { nanoseconds } from '../values/duration.js';
import { each, type Report } from './report.js';
import { backendFault, filterFaults, replacesPrefix } from './route-filters.js';

type Rule = NonNullable<HttpRoute['rules']>[number];
type RouteMatch = NonNullable<Rule['matches']>[number];
type ParentRef = NonNullable<HttpRoute['parentRefs']>[number];

const MOST_MATCHES = 128;

/** The CEL rules that both channels have (kubernetes-sigs/gateway-api `apis/v1/httproute_types.go`, 1.6). */
export function httpRouteFaults({ rules = [], parentRefs = [] }: HttpRoute, report: Report): void {
  parentFaults(parentRefs, report);
  each(rules, '/spec/rules', (item, at) => ruleFaults(item, at, report));
  report('/spec/rules', matchCountFault(rules));
}

export function matchCountFault(rules: readonly { readonly matches?: readonly unknown[] }[]): string | undefined {
  const matches = rules.reduce((sum, rule) => sum + (rule.matches ?? []).length, 0);
  return matches > MOST_MATCHES ? `there must be ${MOST_MATCHES} matches at most in all, not ${matches}` : undefined;
}

/** A parent that is named twice is told apart by its sectionName, or its port. */
export function parentFaults(parentRefs: readonly ParentRef[], report: Report): void {
  for (const [index, ref] of parentRefs.entries()) {
    const others = parentRefs.slice(0, index).filter((other) => PARENT.every((key) => (other[key] ?? '') === (ref[key] ?? '')));
    const mixed = others.some(
      (other) =>
        (other.sectionName === undefined) !== (ref.sectionName === undefined) || (other.port === undefined) !== (ref.port === undefined),
    );
    const same = others.some((other) => other.sectionName === ref.sectionName && other.port === ref.port);
    if (same) report(`/spec/parentRefs/${index}`, 'is there before; sectionName or port must differ');
    else if (mixed) report(`/spec/parentRefs/${index}`, 'all references to one parent must have a sectionName, or all a port');
  }
}

const PARENT = ['group', 'kind', 'name', 'namespace'] as const;

function ruleFaults(rule: Rule, pointer: string, report: Report): void {
  const { matches = [], filters = [], backendRefs = [], timeouts } = rule;
  each(matches, `${pointer}/matches`, ({ path }, at) => report(`${at}/path/value`, pathFault(path)));
  filterFaults(filters, `${pointer}/filters`, report);
  each(backendRefs, `${pointer}/backendRefs`, (ref, at) => {
    report(`${at}/port`, backendFault(ref));
    filterFaults(ref.filters, `${at}/filters`, report);
  });
  if (backendRefs.length > 0 && filters.some((filter) => filter.requestRedirect !== undefined))
    report(`${pointer}/backendRefs`, 'there must be none beside a RequestRedirect');
  const onlyPrefix = matches.length === 1 && matches[0]?.path?.type === 'PathPrefix';
  const behind = backendRefs.filter((ref) => replacesPrefix(ref.filters)).length === 1;
  if (!onlyPrefix && (replacesPrefix(filters) || behind))
    report(`${pointer}/matches`, 'there must be exactly one, of a PathPrefix, where ReplacePrefixMatch is used');
  const { request = '0s', backendRequest = '0s' } = timeouts ?? {};
  const [whole, each_] = [nanoseconds(request) ?? 0n, nanoseconds(backendRequest) ?? 0n];
  if (whole !== 0n && each_ > whole) report(`${pointer}/timeouts/backendRequest`, `must not be longer than request (${request})`);
}

const PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const ODD_PARTS = ['//', '/./', '/../', '%2f', '%2F', '#'];

function pathFault(path: RouteMatch['path']): string | undefined {
  const { type, value = '' } = path ?? {};
  if (type === 'RegularExpression') return undefined;
  if (!value.startsWith('/')) return 'must begin with a slash';
  const odd = ODD_PARTS.find((part) => value.includes(part)) ?? ['/..', '/.'].find((part) => value.endsWith(part));
  if (odd !== undefined) return `must not hold ${odd}`;
  return PATH.test(value) ? undefined : 'must hold only what a path may hold, the rest as %XX';
}
