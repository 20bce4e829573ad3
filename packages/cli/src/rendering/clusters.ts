import type { ClustersReport } from '../services/clusters.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

export function renderClusters(report: ClustersReport, paper: Paper): string {
  const { style } = paper;
  if (report.contexts.length === 0) return 'The kubeconfig has no contexts.';
  const rows = report.contexts.map((each) => [
    each.current ? style.green('*') : '',
    each.context,
    each.cluster ?? '',
    each.namespace ?? 'default',
    `${each.mesh}${each.problem === undefined ? '' : style.red(`  ${each.problem}`)}`,
  ]);
  return [
    table(['', 'CONTEXT', 'CLUSTER', 'NAMESPACE', 'MESH'], rows, paper),
    ...report.unmatched.map(({ cluster, context }) => style.yellow(`Cluster ${cluster} of the configuration fits no context: ${context}`)),
    style.dim(report.files.length === 0 ? 'No configuration file was found.' : `Configuration: ${report.files.join(', ')}`),
  ].join('\n');
}
