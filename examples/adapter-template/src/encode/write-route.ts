import { type KubeObject, type MeshEnvironment, type Owner, type Refusal, refusal } from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE, ownMetadata, type Part } from '../names.js';
import { type Raw, records } from '../raw.js';
import { type Draft, takesAll } from './draft.js';
import type { Site } from './site.js';
import type { Deed } from './wanted.js';
import { writeMatch } from './write-match.js';

/** The limits of the HTTPRoute CRD: rules in a route, and matches in all of them together. */
const MOST_RULES = 16;
const MOST_MATCHES = 128;

/** What a copy does not take over as it is: its name is unique, and sessions of clients stay with their pods. */
const NOT_COPIED = ['name', 'matches', 'filters', 'backendRefs', 'sessionPersistence'];

/**
 * The routes for a site. The Service's implicit route is gone with the first route that is attached, so a second one of ours stands for
 * it: from now on where nobody has a route, and otherwise from when somebody takes theirs away. It is a regular expression, since
 * that comes after every other path: it hides no rule of a user and no standing one, whatever their ages.
 */
export function routesFor(site: Site, drafts: readonly Draft[], owner: Owner, env: MeshEnvironment): readonly KubeObject[] {
  const rules = route(site, 'rules', owner, env, rulesOf(site, drafts, owner));
  if (!mayStandBehind(site)) return [rules];
  const { namespace, name } = site.service;
  const everything = { path: { type: 'RegularExpression', value: '.*' } };
  const backendRefs = [backendRef({ namespace, name, weight: 1 }, site.port, site)];
  return [rules, route(site, 'rest', owner, env, [{ matches: [everything], backendRefs }])];
}

/** Not where foreign rules leave something over, which is a 404 today; nor behind a regular expression for everything, which it could hide. */
function mayStandBehind({ foreign }: Site): boolean {
  return foreign.length === 0 || foreign.some(({ match }) => takesAll(match) && match.path?.kind !== 'regex');
}

export function overfull(rules: readonly Raw[]): readonly Refusal[] {
  const matches = rules.reduce((sum, rule) => sum + records(rule.matches).length, 0);
  if (rules.length <= MOST_RULES && matches <= MOST_MATCHES) return [];
  const message = `It would take ${rules.length} rules with ${matches} matches, and a route holds ${MOST_RULES} with ${MOST_MATCHES}`;
  return [refusal('too-many-rules', message, { instead: 'match on a path that fewer rules of the Service have' })];
}

function route(site: Site, part: Part, owner: Owner, env: MeshEnvironment, rules: readonly Raw[]): KubeObject {
  const { parent, namespace } = site;
  return {
    apiVersion: env.served[HTTP_ROUTE] ?? `${GATEWAY_API}/v1`,
    kind: HTTP_ROUTE,
    metadata: ownMetadata(owner, part, namespace, parent.port ?? 'all', site.service.name),
    spec: {
      parentRefs: [{ group: '', kind: 'Service', ...local(parent.namespace, site), name: parent.name, ...port(parent.port) }],
      rules,
    },
  };
}

/** Neighbouring matches that copy one rule stand in one rule; the order of the drafts is kept, for it decides between equals. */
export function rulesOf(site: Site, drafts: readonly Draft[], owner: Owner): readonly Raw[] {
  const groups: Draft[][] = [];
  for (const one of drafts) {
    const [last] = groups.at(-1) ?? [];
    const same = last !== undefined && last.copied?.rule === one.copied?.rule && last.wanted.deed === one.wanted.deed;
    if (same) groups.at(-1)?.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [
          ruleFor(
            first,
            group.map(({ match, copied }) => ({ ...copied?.unknown, ...writeMatch(match) })),
            site,
            owner,
          ),
        ];
  });
}

function ruleFor({ copied, wanted, port: to }: Draft, matches: readonly Raw[], site: Site, owner: Owner): Raw {
  const original = copied?.rule ?? {};
  const { deed } = wanted;
  // Copies of a session's requests are nobody's business; a standing route leaves the mirrors that are there, or has its own.
  const dropsMirrors = owner.kind === 'session' || deed.mirror !== undefined;
  const kept = records(original.filters).filter(({ type }) => type !== 'RequestMirror' || !dropsMirrors);
  const filters = deed.mirror === undefined ? kept : [...kept, mirrorFilter(deed.mirror, to, site)];
  const { namespace, name } = site.service;
  const backends = deed.to?.map((one) => backendRef(one, to, site)) ?? original.backendRefs;
  return {
    ...Object.fromEntries(Object.entries(original).filter(([key]) => !NOT_COPIED.includes(key))),
    matches,
    ...(filters.length === 0 ? {} : { filters }),
    backendRefs: backends ?? [backendRef({ namespace, name, weight: 1 }, to, site)],
  };
}

/** `percent` came with Gateway API 1.3; a cluster with older CRDs drops it, which the plan notices. */
function mirrorFilter({ percent, ...to }: NonNullable<Deed['mirror']>, number: number, site: Site): Raw {
  const { weight: _, ...ref } = backendRef({ ...to, weight: 1 }, number, site);
  return { type: 'RequestMirror', requestMirror: { backendRef: ref, percent } };
}

const backendRef = (
  to: { readonly namespace: string; readonly name: string; readonly weight: number },
  number: number,
  site: Site,
): Raw => ({
  group: '',
  kind: 'Service',
  ...local(to.namespace, site),
  name: to.name,
  port: number,
  weight: to.weight,
});

const local = (namespace: string, site: Site): Raw => (namespace === site.namespace ? {} : { namespace });
const port = (number: number | undefined): Raw => (number === undefined ? {} : { port: number });
