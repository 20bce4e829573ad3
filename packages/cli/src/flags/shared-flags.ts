import { Flags } from '@oclif/core';
import { cliInputError } from '../errors/cli-error.js';
import type { OutputFormat } from '../terminal/format.js';

const CLUSTER = 'CLUSTER';
const OUTPUT = 'OUTPUT';

/** Every command has these. */
export const outputFlags = {
  output: Flags.option({ options: ['text', 'json', 'yaml'] as const })({
    char: 'o',
    summary: 'Form of the result.',
    default: 'text' as OutputFormat,
    helpGroup: OUTPUT,
    env: 'HEDDLE_OUTPUT',
  }),
  quiet: Flags.boolean({
    summary: 'No progress; warnings and errors only.',
    helpGroup: OUTPUT,
    env: 'HEDDLE_QUIET',
  }),
  verbose: Flags.boolean({ summary: 'Say in detail what happens.', helpGroup: OUTPUT, env: 'HEDDLE_VERBOSE' }),
};

/** Commands that read a kubeconfig. */
export const contextFlags = {
  context: Flags.string({
    summary: 'Context of the kubeconfig; default: its current one.',
    helpValue: 'NAME',
    helpGroup: CLUSTER,
    env: 'HEDDLE_CONTEXT',
  }),
  kubeconfig: Flags.string({
    summary: 'Kubeconfig file; default: $KUBECONFIG or ~/.kube/config.',
    helpValue: 'FILE',
    helpGroup: CLUSTER,
    env: 'HEDDLE_KUBECONFIG',
  }),
  cluster: Flags.string({
    summary: 'Cluster by its name in the configuration.',
    helpValue: 'NAME',
    helpGroup: CLUSTER,
    env: 'HEDDLE_CLUSTER',
  }),
};

export const namespaceFlag = {
  namespace: Flags.string({
    char: 'n',
    summary: "Namespace; default: the context's, else default.",
    helpValue: 'NAME',
    helpGroup: CLUSTER,
    env: 'HEDDLE_NAMESPACE',
  }),
};

export const meshFlag = {
  mesh: Flags.string({
    summary: 'Mesh adapter; default: the configuration, else what is found.',
    helpValue: 'ID|auto',
    helpGroup: CLUSTER,
    env: 'HEDDLE_MESH',
  }),
};

export const fileFlag = {
  file: Flags.string({
    char: 'f',
    multiple: true,
    // What follows its value may be an argument of the command.
    multipleNonGreedy: true,
    summary: 'Objects from a file, a folder, or - for standard input, instead of a cluster; may be repeated.',
    helpValue: 'FILE|FOLDER|-',
    helpGroup: CLUSTER,
    env: 'HEDDLE_FILE',
  }),
};

export const envoyFlag = {
  envoy: Flags.string({
    summary: "Version of the proxies' Envoy; default: what is found, else the newest.",
    helpValue: 'VERSION',
    env: 'HEDDLE_ENVOY',
    parse: async (version) => {
      if (/^v?\d+\.\d+(\.\d+)?$/.test(version)) return version;
      throw cliInputError('usage', { path: '--envoy', expected: 'a version such as 1.38 or 1.38.3', received: version });
    },
  }),
};

export const tunnelFlag = {
  tunnel: Flags.string({
    summary: "Tunnel between the cluster and this machine; default: the configuration's.",
    helpValue: 'ID',
    helpGroup: CLUSTER,
    env: 'HEDDLE_TUNNEL',
  }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', summary: 'Agree to what would be asked.', env: 'HEDDLE_YES' }),
};

export const dryRunFlag = {
  'dry-run': Flags.boolean({ summary: 'Show what would be done, and do nothing.', env: 'HEDDLE_DRY_RUN' }),
};

export const imageFlag = {
  image: Flags.string({
    summary: "Image of the shadow's agent; default: the configuration's agent.image.",
    helpValue: 'IMAGE',
    env: 'HEDDLE_IMAGE',
  }),
};

export const allNamespacesFlag = {
  'all-namespaces': Flags.boolean({ char: 'A', summary: 'In all namespaces, whatever --namespace says.', env: 'HEDDLE_ALL_NAMESPACES' }),
};

/** The values of common flags that services depend on. */
export interface RunFlags {
  readonly output: OutputFormat;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly cluster?: string;
  readonly mesh?: string;
  readonly tunnel?: string;
  /** What -f names; empty: the objects are a cluster's. */
  readonly files: readonly string[];
}

/** Picks them out of a command's parsed flags. */
export function runFlags(flags: Readonly<Record<string, unknown>>): RunFlags {
  const text = (name: 'namespace' | 'context' | 'kubeconfig' | 'cluster' | 'mesh' | 'tunnel') =>
    typeof flags[name] === 'string' && flags[name] !== '' ? { [name]: flags[name] } : {};
  const { output } = flags;
  return {
    output: output === 'json' || output === 'yaml' ? output : 'text',
    // Of the two, the one that says more.
    quiet: flags.quiet === true && flags.verbose !== true,
    verbose: flags.verbose === true,
    yes: flags.yes === true,
    files: listFlag(flags.file),
    ...text('namespace'),
    ...text('context'),
    ...text('kubeconfig'),
    ...text('cluster'),
    ...text('mesh'),
    ...text('tunnel'),
  };
}

/** A repeatable flag's values: oclif gives a list from the command line, but one text from the environment (one value per line there). */
export function listFlag(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split('\n').filter((line) => line.trim() !== '');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
