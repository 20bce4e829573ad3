import type { MeshAdapter, ServedKind, UserError } from '@heddle/core';
import { keyWord } from '../../config/key.js';
import { cliError } from '../../errors/cli-error.js';
import type { Connection } from '../connections.js';
import { knownMeshesIn } from './known-meshes.js';
import type { Candidate } from './mesh-of-pods.js';
import type { MeshTarget } from './mesh-setting.js';

/** What was looked at, and how it was found wanting. */
export interface MeshSearch {
  /** The cluster's name. */
  readonly cluster: string;
  readonly served: readonly ServedKind[];
  /** The adapters whose meshes were looked for. */
  readonly adapters: readonly MeshAdapter[];
  /** Other adapters' meshes that are there. */
  readonly others: readonly Candidate[];
  /** Whether an installed adapter could not be asked. */
  readonly broken: boolean;
  /** `--mesh says X`, where one was named. */
  readonly named?: string;
}

/** No mesh, or not the one that was named: says what was looked for, what is there instead, and what would help. */
export function meshNotFound({ cluster, served, adapters, others, broken, named }: MeshSearch): UserError {
  const looked = adapters.map((adapter) => `${adapter.title} (${kindsOf(adapter)})`).join('; ') || 'nothing, since no adapter is installed';
  const known = knownMeshesIn(served, [...adapters, ...others.map(({ adapter }) => adapter)]);
  const there = [
    ...others.map(({ adapter, detection }) => `${detection.title ?? adapter.title} (${detection.because})`),
    ...known.map(({ mesh, groups }) => `${mesh.title} (${groups.join(', ')})`),
  ];
  const unadapted = named === undefined && there.length > 0;
  const what = unadapted
    ? `Cluster ${cluster} has ${there.join(' and ')}, for which no adapter is installed`
    : named === undefined
      ? `No mesh that an installed adapter knows was found in cluster ${cluster}`
      : `${named}, but that mesh was not found in cluster ${cluster}`;
  const instead = unadapted || there.length === 0 ? '' : `. There is ${there.join(', and ')}`;
  return cliError('mesh-not-found', `${what}; looked for ${looked}${instead}.`, [
    ...known.flatMap(({ mesh }) => (others.length > 0 ? [] : [adviceOn(mesh)])),
    'Check that it is the right cluster: heddle clusters',
    named === undefined ? 'See which adapters are installed: heddle adapters' : 'Let heddle look for the mesh: --mesh auto',
    ...(broken ? ['Repair the adapter that the warning names.'] : []),
  ]);
}

/** Where several meshes are, and what is not known of it. */
export interface Ambiguity {
  readonly connection: Pick<Connection, 'cluster' | 'context' | 'entry'>;
  readonly target: MeshTarget;
  /** Why it cannot be told. */
  readonly unclear: string;
}

/** Several meshes and nothing that says which one is meant. */
export function meshAmbiguous({ connection, target, unclear }: Ambiguity, candidates: readonly Candidate[]): UserError {
  const { cluster, context, entry } = connection;
  const { namespace, service } = target;
  const found = candidates.map(({ adapter, detection }) => `${adapter.id} (${detection.because})`);
  const count = candidates.length === 2 ? 'two' : String(candidates.length);
  const ids = candidates.map(({ adapter }) => adapter.id);
  const [first = ''] = ids;
  const place = service === undefined ? namespace : `${namespace}/${service}`;
  return cliError(
    'mesh-ambiguous',
    `Cluster ${cluster.name} runs ${count} meshes, ${found.join(' and ')}, and nothing says which one ${place} is in: ${unclear}.`,
    [
      `Say which: ${ids.map((id) => `--mesh ${id}`).join(' or ')}`,
      entry === undefined
        ? `Say it for good: heddle config set ${keyWord(['clusters', context])} '{context: "${context}", namespaces: {${namespace}: {mesh: ${first}}}}'`
        : `Say it for good: heddle config set ${keyWord(['clusters', entry.name, 'namespaces', namespace, 'mesh'])} ${first}`,
    ],
  );
}

/** The first are those that people know the mesh by. */
const NAMED_KINDS = 3;

function adviceOn(mesh: { readonly title: string; readonly plugin?: string }): string {
  return mesh.plugin === undefined
    ? `heddle knows no adapter for ${mesh.title}. Install one if you have it: heddle plugins install PACKAGE. Or write one: heddle adapter new NAME`
    : `Install the adapter for ${mesh.title}: heddle plugins install ${mesh.plugin}`;
}

function kindsOf(adapter: MeshAdapter): string {
  const own = adapter.kinds.filter(({ group }) => group.includes('.') && !group.endsWith('.k8s.io'));
  const names = own.length > 0 ? own.map(({ kind, group }) => `${kind}.${group}`) : adapter.kinds.map(({ kind }) => kind);
  const more = names.length - NAMED_KINDS;
  return [...names.slice(0, NAMED_KINDS), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
