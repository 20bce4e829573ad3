/**
 * Names of what a mesh can or cannot do. A plan that needs an undeclared one is refused, naming it.
 * `match.*`: conditions; `to.*`: how a version is realised; `view.*`: which planes are covered.
 */
export const FEATURES = [
  'match.path.exact',
  'match.path.segmentPrefix',
  'match.path.rawPrefix',
  'match.path.regex',
  'match.path.ignoreCase',
  'match.method',
  'match.scheme',
  'match.authority',
  'match.header.exact',
  'match.header.prefix',
  'match.header.regex',
  'match.header.present',
  'match.header.absent',
  'match.header.not',
  'match.query',
  'to.service',
  'to.subset',
  'to.tag',
  'weights',
  'mirror',
  'fault',
  'view.mesh',
  'view.gateway',
] as const;

export type Feature = (typeof FEATURES)[number];

export type Support = 'supported' | { readonly unsupported: string; readonly instead?: string };

/** What is absent counts as unsupported. */
export type Capabilities = Readonly<Partial<Record<Feature, Support>>>;

export function isSupported(capabilities: Capabilities, feature: Feature): boolean {
  return capabilities[feature] === 'supported';
}
