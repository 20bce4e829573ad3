import { cliError } from '../errors/cli-error.js';

/** A word of the command line, as oclif's parser tells them apart; variables are none. */
interface Word {
  readonly type: string;
  readonly flag?: string;
}

const CLUSTER_FLAGS = ['context', 'cluster', 'kubeconfig'];

/**
 * Whether the objects are a cluster's although a variable names files: where the command line itself names a cluster. Throws `usage` where
 * it names both; a variable that names a cluster means nothing beside -f.
 */
export function clusterBeforeFiles(words: readonly Word[]): boolean {
  const given = (name: string) => words.some(({ type, flag }) => type === 'flag' && flag === name);
  const cluster = CLUSTER_FLAGS.find(given);
  if (cluster === undefined) return false;
  if (!given('file')) return true;
  throw cliError(
    'usage',
    `Give either --file (-f) or --${cluster}, not both: with -f the objects come from files, and no cluster is asked.`,
    [`For the files: leave --${cluster} away`, 'For the cluster: leave -f away'],
  );
}
