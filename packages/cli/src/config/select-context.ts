import { closest, type UserError } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { keyWord } from './key.js';
import type { ClusterConfig } from './types.js';

export interface ContextInfo {
  readonly name: string;
  readonly cluster: string;
  readonly namespace?: string;
  readonly current: boolean;
}

export interface ChosenContext {
  readonly context: ContextInfo;
  /** The entry of `clusters` that fits it. */
  readonly entry?: ClusterConfig & { readonly name: string };
}

export interface ContextWish {
  readonly context?: string;
  readonly cluster?: string;
}

/** A glob with `*` (any text) and `?` (one character). */
export function globMatches(glob: string, text: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(text);
}

/** The names of all entries whose `context` fits. */
export function entriesFor(context: string, clusters: Readonly<Record<string, ClusterConfig>>): readonly string[] {
  return Object.entries(clusters)
    .filter(([, entry]) => globMatches(entry.context, context))
    .map(([name]) => name);
}

/**
 * Which context a command works on, and its entry in the configuration: `--cluster`, else `--context`, else the current one.
 * Throws `unknown-cluster`, `cluster-ambiguous` or `unknown-context`.
 */
export function selectContext(
  wish: ContextWish,
  clusters: Readonly<Record<string, ClusterConfig>>,
  contexts: readonly ContextInfo[],
): ChosenContext {
  if (wish.cluster !== undefined) return byCluster(wish.cluster, wish.context, clusters, contexts);
  const context = wish.context === undefined ? contexts.find(({ current }) => current) : contexts.find(({ name }) => name === wish.context);
  if (context === undefined) throw unknownContext(wish.context, contexts);
  const [name, second] = entriesFor(context.name, clusters);
  if (name === undefined) return { context };
  if (second !== undefined) {
    throw cliError(
      'cluster-ambiguous',
      `Context ${context.name} fits two entries of clusters in the configuration: ${name} and ${second}.`,
      ['Change their context patterns so that only one of them fits.', `Choose one: --cluster ${name}`],
    );
  }
  return withEntry(context, name, clusters);
}

function byCluster(
  name: string,
  wanted: string | undefined,
  clusters: Readonly<Record<string, ClusterConfig>>,
  contexts: readonly ContextInfo[],
): ChosenContext {
  const entry = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (entry === undefined) {
    const names = Object.keys(clusters);
    throw cliError(
      'unknown-cluster',
      `The configuration has no cluster ${name}${names.length === 0 ? '' : `; it has ${names.join(', ')}`}.`,
      ['List what there is: heddle clusters', `Add it: heddle config set ${keyWord(['clusters', name, 'context'])} CONTEXT`],
    );
  }
  const fitting = contexts.filter((context) => globMatches(entry.context, context.name));
  const chosen = wanted === undefined ? fitting : fitting.filter((context) => context.name === wanted);
  const [only, second] = chosen;
  if (only === undefined) throw unknownContext(wanted ?? entry.context, contexts, ` (wanted by --cluster ${name})`);
  if (second === undefined) return withEntry(only, name, clusters);
  const current = chosen.find((context) => context.current);
  if (current !== undefined) return withEntry(current, name, clusters);
  throw cliError(
    'cluster-ambiguous',
    `Cluster ${name} (context ${entry.context}) fits several contexts: ${chosen.map((each) => each.name).join(', ')}.`,
    [`Say which: --cluster ${name} --context ${only.name}`],
  );
}

function withEntry(context: ContextInfo, name: string, clusters: Readonly<Record<string, ClusterConfig>>): ChosenContext {
  const entry = clusters[name];
  return entry === undefined ? { context } : { context, entry: { ...entry, name } };
}

function unknownContext(name: string | undefined, contexts: readonly ContextInfo[], why = ''): UserError {
  const known = contexts.map((context) => context.name);
  if (known.length === 0) {
    return cliError('unknown-context', `The kubeconfig has no contexts${name === undefined ? '' : `, so none named ${name}`}.`, [
      'Name another kubeconfig with --kubeconfig or KUBECONFIG.',
    ]);
  }
  const list = `it has ${known.join(', ')}`;
  const guess = name === undefined ? undefined : closest(name, known);
  return name === undefined
    ? cliError('unknown-context', `The kubeconfig has no current context; ${list}.`, [
        'Choose one: --context NAME',
        'Set it: kubectl config use-context NAME',
      ])
    : cliError('unknown-context', `The kubeconfig has no context ${name}${why}; ${list}.`, [
        ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
        'List what there is: heddle clusters',
      ]);
}
