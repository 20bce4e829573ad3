import type { ClusterAnswer, ClustersReport, ContextReport } from '../services/clusters.js';
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
    each.tunnel,
    meshText(each, paper),
  ]);
  return [
    table(['', 'CONTEXT', 'CLUSTER', 'NAMESPACE', 'TUNNEL', 'MESH'], rows, paper),
    ...cannotLines(report, paper),
    ...report.unmatched.map(({ cluster, context }) => style.yellow(`Cluster ${cluster} of the configuration fits no context: ${context}`)),
    style.dim(report.files.length === 0 ? 'No configuration file was found.' : `Configuration: ${report.files.join(', ')}`),
  ].join('\n');
}

function meshText({ mesh, namespaces, answer, problem }: ContextReport, { style }: Paper): string {
  const configured = [mesh, ...Object.entries(namespaces ?? {}).map(([key, id]) => `${key}: ${id}`)].join(', ');
  const found = answer === undefined ? '' : answerText(answer);
  const isSaid = mesh !== 'auto' || namespaces !== undefined;
  const text = answer === undefined ? configured : `${found}${isSaid ? ` (configured: ${configured})` : ''}`;
  const shown = answer?.reached === false ? style.yellow(text) : text;
  return `${shown}${problem === undefined ? '' : style.red(`  ${problem}`)}`;
}

function answerText(answer: ClusterAnswer): string {
  if (!answer.reached) return `not reached: ${answer.why}`;
  const { meshes, others } = answer;
  const unknown = others.map(({ title, groups }) => `${title} (${groups.join(', ')}), for which no adapter is installed`);
  if (meshes.length > 0) return meshes.map(({ title, version }) => (version === undefined ? title : `${title} ${version}`)).join(' and ');
  return unknown.length === 0 ? 'none found' : `none that an adapter knows; there is ${unknown.join('; ')}`;
}

/** One line for each mesh and what it cannot do; clusters that say the same share it. */
function cannotLines({ contexts }: ClustersReport, { style }: Paper): readonly string[] {
  const lines = contexts.flatMap(({ answer }) => {
    if (answer?.reached !== true) return [];
    return answer.meshes.map(({ title, version, cannot }) => {
      const name = version === undefined ? title : `${title} ${version}`;
      return cannot.length === 0
        ? `${name} can all that heddle asks of a mesh.`
        : `${name} cannot: ${cannot.map(({ feature }) => feature).join(', ')}.`;
    });
  });
  if (lines.length === 0) return [];
  return [...new Set(lines), 'What each can, and why not the rest: heddle clusters -o json'].map((line) => style.dim(line));
}
