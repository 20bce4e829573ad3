import { HeddleCommand } from '../base-command.js';
import { contextFlags } from '../flags/shared-flags.js';
import { renderClusters } from '../rendering/clusters.js';
import { TOKENS } from '../tokens.js';

export default class Clusters extends HeddleCommand {
  static override summary = "List the kubeconfig's contexts and what the configuration says of them.";
  static override description =
    `The configuration is ~/.config/heddle/config.yaml and the nearest .heddle.yaml, this folder's or one above. No cluster is asked.

An entry of clusters fits a context by its name or by a glob:

  clusters:
    staging: {context: staging-admin}
    eu:      {context: 'eu-*', mesh: ADAPTER}`;
  static override examples = [
    { description: 'Which contexts there are, and the mesh that each is used with', command: 'heddle clusters' },
    { description: 'Those of another kubeconfig', command: 'heddle clusters --kubeconfig ./staging.yaml' },
  ];
  static override flags = { kubeconfig: contextFlags.kubeconfig };

  async run(): Promise<void> {
    const { get } = await this.begin(Clusters);
    get(TOKENS.output).result(await get(TOKENS.clusters).list(), renderClusters);
  }
}
