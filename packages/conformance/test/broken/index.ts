import { type Feature, isSupported, type MeshAdapter, type MeshEnvironment } from '@heddle/core';
import type { Broken } from './broken.js';
import { dropsUnknownFields, reordersForeign } from './foreign.js';
import { changesItsInput, dependsOnOrder, keepsState } from './order.js';
import { adoptsNothing, rendersLess, rendersMarked } from './render.js';
import { leaksByLabels, leaksRequests, silentAbout } from './requests.js';
import { standingBreaks } from './standing-breaks.js';
import { leavesRules, losesColleague, restoresSnapshot } from './undo.js';

/** Capabilities that a mesh may lack, and the case of each. */
const CASES: readonly (readonly [Feature, string])[] = [
  ['match.query', 'query'],
  ['match.header.not', 'header-not'],
  ['match.path.rawPrefix', 'path-raw-prefix'],
  ['match.header.regex', 'header-regex'],
];

/** What adapters get wrong, each as a wrapper around one that is right. */
export function brokenOf(adapter: MeshAdapter, env: MeshEnvironment): readonly Broken[] {
  const capabilities = adapter.capabilities(env);
  const [feature, named] = CASES.find(([one]) => !isSupported(capabilities, one)) ?? ['match.header.regex', 'header-regex'];
  return [
    {
      title: 'restores a snapshot to undo',
      broken: restoresSnapshot,
      cases: ['edited-meanwhile'],
      because: /would change in parts that are not session\/shop\/a1's/,
    },
    { title: 'drops fields that it does not know', broken: dropsUnknownFields, cases: ['unknown-fields'], because: /\/spec\/future/ },
    {
      title: `says yes to ${feature} and does nothing`,
      broken: silentAbout(feature),
      cases: [named],
      because: /one of the requests that are declared/,
    },
    {
      title: "loses a colleague's rules",
      broken: losesColleague,
      cases: ['undo-beside-another', 'two-at-once'],
      because: /rules of other owners|in parts that are not/,
    },
    {
      title: "reorders a user's rules",
      broken: reordersForeign,
      cases: ['rules-stay.two-rules'],
      because: /would change in parts that are not/,
    },
    {
      title: "takes everybody's requests",
      broken: leaksRequests,
      cases: ['leak', 'catch-all-first'],
      because: /would match more than is declared|matches the same requests/,
    },
    {
      title: "gives the shadow the service's labels",
      broken: leaksByLabels,
      cases: ['leak'],
      because: /would get requests of Service cart/,
    },
    {
      title: 'encodes one thing or another by who came first',
      broken: dependsOnOrder,
      cases: ['one-header-two-people'],
      because: /heddle\.dev\/first/,
    },
    { title: 'leaves its rules', broken: leavesRules, cases: ['catch-all-first', 'no-rule'], because: /would still be there/ },
    { title: 'keeps state', broken: keepsState, cases: ['catch-all-first'], because: /it keeps state/ },
    { title: 'changes what it is handed', broken: changesItsInput, cases: ['catch-all-first'], because: /read only property/ },
    {
      title: 'knows none of its rules',
      broken: (inner) => ({ ...inner, owned: () => [] }),
      cases: ['killed', 'ours-edited'],
      because: /is left|no object holds a rule|parts that are not|Rules of others/,
    },
    {
      title: 'refuses everything',
      broken: (inner) => ({ ...inner, encode: () => ({ refused: [{ code: 'no', message: 'no' }] }) }),
      cases: ['catch-all-first', 'no-rule'],
      because: /received \["no"\]/,
    },
    {
      title: 'does nothing',
      broken: (inner) => ({ ...inner, encode: () => ({ ok: [], notes: [] }) }),
      cases: ['catch-all-first', 'no-rule'],
      because: /shadow gets 0 %/,
    },
    ...standingBreaks(adapter, env),
    ...renderBreaks(adapter),
  ];
}

const renderBreaks = (adapter: MeshAdapter): readonly Broken[] => [
  ...(adapter.render === undefined
    ? []
    : [
        {
          title: 'renders less than there is, and says nothing of it',
          broken: rendersLess,
          cases: ['rendered.catch-all', 'rendered.two-rules'],
          because: /GET .*expected .*received/,
        },
        { title: 'marks what it renders', broken: rendersMarked, cases: ['rendered.two-rules'], because: /names heddle/ },
      ]),
  ...(adapter.adopt === undefined
    ? []
    : [{ title: 'adopts pods without the proxy', broken: adoptsNothing, cases: ['adopted'], because: /is not in the mesh/ }]),
];
