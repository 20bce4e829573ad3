import type { HelpArg, HelpFlag } from '../../help/types.js';
import type { TypedLine } from './typed-line.js';
import type { Candidate } from './types.js';

type Source =
  | 'contexts'
  | 'clusters'
  | 'meshes'
  | 'tunnels'
  | 'scenarios'
  | 'namespaces'
  | 'services'
  /** Services that have standing routes. */
  | 'routedServices'
  /** Versions of the service that the line names. */
  | 'versions'
  /** The same, each with `=` behind it: its share comes next. */
  | 'shares'
  /** Names of standing routes, of the service if the line names one. */
  | 'routes'
  /** Routes files that keep some. */
  | 'routesFiles'
  | 'sessions';

/** Values that depend on the machine or the cluster; asked for only where one of them is due. */
export type ValueSources = Readonly<Record<Source, (line: TypedLine) => Promise<readonly Candidate[]>>>;

/** Flags of these names mean the same in all commands. */
const OF_FLAG: Readonly<Record<string, Source>> = {
  context: 'contexts',
  cluster: 'clusters',
  namespace: 'namespaces',
  mesh: 'meshes',
  adapter: 'meshes',
  tunnel: 'tunnels',
  scenario: 'scenarios',
  'kept-by': 'routesFiles',
};

/** Where the values of a flag come from. */
export function sourceOfFlag({ name }: HelpFlag, { command }: TypedLine): Source | undefined {
  const isRoute = command.startsWith('route:');
  if (name === 'to') return isRoute ? 'versions' : 'meshes';
  if (name === 'name') return isRoute ? 'routes' : undefined;
  return OF_FLAG[name];
}

const OF_ROUTED = ['route:clear', 'route:list', 'route:refresh'];

/** Where the values of an argument come from. */
export function sourceOfArg({ name }: HelpArg, { command, flags }: TypedLine): Source | undefined {
  // The objects are those of files.
  if (flags.file !== undefined) return undefined;
  if (name === 'service') return OF_ROUTED.includes(command) ? 'routedServices' : 'services';
  if (name === 'version=percent') return 'shares';
  if (name === 'version') return 'versions';
  return name === 'id' && command.startsWith('sessions:') ? 'sessions' : undefined;
}
