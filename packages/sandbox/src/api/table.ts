import { type KubeObject, metaOf } from '@heddle/core';
import { dig, digList, digRecord } from '../dig.js';
import type { KindSpec } from '../store/index.js';

type Cell = (object: KubeObject) => string | number;
/** A column: its name, with `*` when `-o wide` alone shows it, and a dotted path or what to print. */
type Column = readonly [name: string, cell: string | Cell];

const AGE = 'metadata.creationTimestamp';
const sidecars = (pod: KubeObject) => digList(pod, 'spec.initContainers').filter(({ restartPolicy }) => restartPolicy === 'Always');
const statuses = (pod: KubeObject) => [
  ...digList(pod, 'status.containerStatuses'),
  ...digList(pod, 'status.initContainerStatuses').filter(({ name }) => sidecars(pod).some((sidecar) => sidecar.name === name)),
];
const count = (path: string) => (object: KubeObject) => Object.keys(digRecord(object, path)).length;

const BUILT_IN: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    [
      'Ready',
      (pod) =>
        `${statuses(pod).filter(({ ready }) => ready === true).length}/${digList(pod, 'spec.containers').length + sidecars(pod).length}`,
    ],
    ['Status', podStatus],
    ['Restarts', () => 0],
    ['Age', AGE],
    ['IP*', 'status.podIP'],
    ['Node*', 'spec.nodeName'],
  ],
  Service: [
    ['Type', 'spec.type'],
    ['Cluster-IP', 'spec.clusterIP'],
    ['External-IP', () => '<none>'],
    [
      'Port(s)',
      (service) =>
        digList(service, 'spec.ports')
          .map(({ port, protocol }) => `${port}/${protocol}`)
          .join(','),
    ],
    ['Age', AGE],
    [
      'Selector*',
      (service) =>
        Object.entries(digRecord(service, 'spec.selector'))
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
    ],
  ],
  Deployment: [
    ['Ready', (object) => `${dig(object, 'status.readyReplicas') ?? 0}/${dig(object, 'spec.replicas') ?? 1}`],
    ['Up-to-date', 'status.updatedReplicas'],
    ['Available', 'status.availableReplicas'],
    ['Age', AGE],
  ],
  Namespace: [
    ['Status', 'status.phase'],
    ['Age', AGE],
  ],
  Lease: [
    ['Holder', 'spec.holderIdentity'],
    ['Age', AGE],
  ],
  Secret: [
    ['Type', 'type'],
    ['Data', count('data')],
    ['Age', AGE],
  ],
  ConfigMap: [
    ['Data', count('data')],
    ['Age', AGE],
  ],
};

/** What `kubectl get` prints: the server's own rendering of objects as rows. `include` is the query's `includeObject`. */
export function tableOf(
  kind: KindSpec,
  objects: readonly KubeObject[],
  metadata: KubeObject,
  now: number,
  include: string | null,
): KubeObject {
  const own = kind.columns.map(({ name, path }): Column => [name, path]);
  const columns: readonly Column[] = [
    ['Name', 'metadata.name'],
    ...((kind.custom ? undefined : BUILT_IN[kind.kind]) ?? [...own, ['Age', AGE] as const]),
  ];
  const print = (object: KubeObject, cell: string | Cell) => {
    if (cell === AGE) return age(now - Date.parse(String(dig(object, AGE))));
    const value = typeof cell === 'string' ? dig(object, cell) : cell(object);
    return typeof value === 'object' ? JSON.stringify(value) : (value ?? '');
  };
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(([name]) => {
      const wide = name.endsWith('*');
      return {
        name: name.replace('*', ''),
        type: 'string',
        format: name === 'Name' ? 'name' : '',
        description: '',
        priority: wide ? 1 : 0,
      };
    }),
    rows: objects.map((object) => ({
      cells: columns.map(([, cell]) => print(object, cell)),
      object: include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

function podStatus(pod: KubeObject): string {
  if (metaOf(pod).deletionTimestamp !== undefined) return 'Terminating';
  const waiting = statuses(pod).map((status) => dig(status, 'state.waiting.reason'));
  return String(waiting.find((reason) => reason !== undefined) ?? dig(pod, 'status.phase'));
}

/** As kubectl writes durations: two units while the first is small. */
export function age(ms: number): string {
  if (!(ms >= 0)) return '<unknown>';
  const s = Math.floor(ms / 1000);
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86400)];
  const two = (major: string, minor: number, unit: string) => (minor === 0 ? major : `${major}${minor}${unit}`);
  if (s < 120) return `${s}s`;
  if (m < 10) return two(`${m}m`, s % 60, 's');
  if (h < 3) return `${m}m`;
  if (h < 8) return two(`${h}h`, m % 60, 'm');
  if (h < 48) return `${h}h`;
  return d < 8 ? two(`${d}d`, h % 24, 'h') : `${d}d`;
}
