import { connectCluster } from '@heddle/kubernetes';
import { needed } from './cluster-tools.js';

/** API groups that the cluster of KUBECONFIG serves: which suites it can be asked for. In the sandbox every suite brings its own mesh. */
export async function servedGroups(onCluster: boolean): Promise<(group: string) => boolean> {
  if (!onCluster) return () => true;
  const cluster = await connectCluster({ kubeconfig: needed('KUBECONFIG') });
  try {
    const { served } = await cluster.discover();
    return (group) => served.some((kind) => kind.group === group);
  } finally {
    await cluster.close();
  }
}
