import { closest } from '../adapters/closest.js';
import { isRecord, type KubeObject, type Labels, labelsIn, labelText, metaOf, type ObjectRef, refKey, refOf } from '../model/object.js';
import { type Observed, objectsOf } from '../model/observed.js';
import { type Finding, finding } from './finding.js';
import { plainLabels, tellingLabels, workloadOf } from './pod-workload.js';
import { type SeenPod, type SeenPods, seenPods } from './seen-pods.js';

/** What is wrong with Services whatever the mesh: nobody is behind them, or two workloads that nothing tells apart. */
export function lintServices(seen: Observed): readonly Finding[] {
  const pods = seenPods(seen);
  const findings = objectsOf(seen, '', 'Service').flatMap((service) => {
    const { namespace = '' } = metaOf(service);
    const spec = isRecord(service.spec) ? service.spec : {};
    const selector = labelsIn(spec.selector);
    if (spec.type === 'ExternalName' || Object.keys(selector).length === 0 || !pods.known(namespace)) return [];
    const behind = pods.selected(namespace, selector);
    if (behind.every(({ ready }) => !ready)) return [withoutPods(service, selector, behind, pods)];
    return [...targetPorts(service, spec.ports, behind), ...alike(service, behind)];
  });
  // Two workloads that are alike are so behind every Service that has both.
  const known = new Set<string>();
  return findings.filter(({ code, ref, message }) => {
    const key = code === 'workloads-alike' ? `${refKey(ref)} ${message.replace(/ behind Service \S+/, '')}` : message;
    return known.has(key) ? false : known.add(key);
  });
}

function withoutPods(service: KubeObject, selector: Labels, behind: readonly SeenPod[], pods: SeenPods): Finding {
  const ref = refOf(service);
  const then = 'so whoever calls it gets an error (503 from a proxy of the mesh)';
  if (behind.length > 0) {
    const count = behind.length === 1 ? 'its one Pod is not ready' : `none of its ${behind.length} Pods is ready`;
    const fix = `see why: kubectl describe pod ${behind[0]?.name} -n ${ref.namespace}`;
    return finding('warning', 'service-without-pods', ref, `${count}, ${then}`, { fix });
  }
  const near = nearLabel(selector, pods.inNamespace(ref.namespace ?? ''));
  const fix = 'start the workload, or correct the selector';
  // In files the workload may stand elsewhere, or be made by an operator.
  const severity = pods.isLive || near !== undefined ? 'warning' : 'info';
  return finding(severity, 'service-without-pods', ref, `no Pod of the namespace has the labels ${labelText(selector)}, ${then}`, {
    pointer: '/spec/selector',
    fix: near === undefined ? fix : `did you mean ${near}? Else ${fix}`,
  });
}

/** A label of some Pod that a selector's misses by a few letters. */
function nearLabel(selector: Labels, pods: readonly SeenPod[]): string | undefined {
  for (const [key, value] of Object.entries(selector)) {
    const values = [...new Set(pods.flatMap(({ labels }) => labels[key] ?? []))];
    if (values.includes(value)) continue;
    const near = closest(value, values);
    if (near !== undefined) return `${key}=${near}`;
  }
  return undefined;
}

/** A port that leads to a container port by a name that no container has. */
function targetPorts(service: KubeObject, ports: unknown, behind: readonly SeenPod[]): readonly Finding[] {
  const ref = refOf(service);
  return (Array.isArray(ports) ? ports : []).filter(isRecord).flatMap(({ port, targetPort }, index) => {
    if (typeof targetPort !== 'string' || /^\d+$/.test(targetPort)) return [];
    const names = [...new Set(behind.flatMap(({ object }) => portNames(object)))];
    if (names.includes(targetPort)) return [];
    const near = closest(targetPort, names);
    const text = `port ${String(port)} leads to the container port named ${targetPort}, which none of its Pods has, so nobody is behind it`;
    const pointer = `/spec/ports/${index}/targetPort`;
    const fix =
      near === undefined ? "give the port's number, or name the container's port" : `did you mean ${near}? Else give the port's number`;
    return [finding('error', 'target-port-missing', ref, text, { pointer, fix })];
  });
}

function portNames(pod: KubeObject): readonly string[] {
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const containers = [spec.containers, spec.initContainers].flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
  return containers.flatMap(({ ports }) =>
    (Array.isArray(ports) ? ports.filter(isRecord) : []).flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
  );
}

/** Two workloads behind one Service whose Pods have the same labels: no subset and no tag can mean one of them. */
function alike(service: KubeObject, behind: readonly SeenPod[]): readonly Finding[] {
  const groups = new Map<string, Map<string, ObjectRef>>();
  const labelsBy = new Map<string, Labels>();
  for (const { object, labels } of behind) {
    const workload = workloadOf(object);
    if (workload === undefined) continue;
    const telling = tellingLabels(labels, workload.name);
    const key = JSON.stringify(telling);
    labelsBy.set(key, telling);
    groups.set(key, (groups.get(key) ?? new Map()).set(`${workload.kind} ${workload.name}`, workload));
  }
  return [...groups].flatMap(([key, workloads]) => {
    const [first, ...others] = [...workloads.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const last = others.at(-1);
    if (first === undefined || last === undefined) return [];
    const labels = labelsBy.get(key) ?? {};
    const versioned = VERSION_LABELS.some((label) => label in labels);
    const names = [first, ...others].map((one) => one.name).join(' and ');
    const text = `the Pods of ${names} are all behind Service ${nameOf(refOf(service))} and have the same labels (${labelText(plainLabels(labels))}), so no rule can send requests to one of them alone`;
    return [
      finding(versioned ? 'warning' : 'info', 'workloads-alike', last, text, {
        pointer: '/spec/template/metadata/labels',
        fix: `give the Pods of each a label that the others do not have, such as a version of their own`,
      }),
    ];
  });
}

const VERSION_LABELS = ['version', 'app.kubernetes.io/version'];

const nameOf = ({ namespace, name }: ObjectRef): string => (namespace === undefined ? name : `${namespace}/${name}`);
