import { Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { contextFlags } from '../flags/shared-flags.js';
import { renderClusters } from '../rendering/clusters.js';
import { TOKENS } from '../tokens.js';

export default class Clusters extends HeddleCommand {
  static override summary = "List the kubeconfig's contexts with the mesh of each, its version, and what it cannot do.";
  static override description =
    `Each cluster is asked which mesh it runs, all at once and five seconds each; one that is not reached says so in its row. What the configuration says comes from ~/.config/heddle/config.yaml and the nearest .heddle.yaml, this folder's or one above: see heddle config.

An entry of clusters fits a context by its name or by a glob. Where a cluster runs two meshes, namespaces says which one where:

  clusters:
    staging: {context: staging-admin}
    eu:      {context: 'eu-*', mesh: ADAPTER, tunnel: direct}
    mixed:   {context: lab, namespaces: {'shop-*': {mesh: ADAPTER}}}`;
  static override examples = [
    { description: 'Which contexts there are, and the mesh of each', command: 'heddle clusters' },
    { description: 'What the files say, without asking any cluster', command: 'heddle clusters --offline' },
    {
      description: 'What the mesh of the current context can do, for a script',
      command: "heddle clusters -o json | jq '.contexts[] | select(.current) | .answer.meshes[].can'",
    },
  ];
  static override flags = {
    kubeconfig: contextFlags.kubeconfig,
    offline: Flags.boolean({ summary: 'Ask no cluster.', env: 'HEDDLE_OFFLINE' }),
  };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(Clusters);
    get(TOKENS.output).result(await get(TOKENS.clusters).list({ offline: flags.offline }), renderClusters);
  }
}
