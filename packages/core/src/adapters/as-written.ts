import { isRecord, type KubeObject } from '../model/object.js';

const FROM_SERVER = ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields', 'selfLink'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** What a cluster allots to a Service that asks for none. */
const ALLOTTED = ['clusterIP', 'clusterIPs', 'healthCheckNodePort'];

type Fields = Readonly<Record<string, unknown>>;

/**
 * An object of a dump as somebody would write it: without what the API server has put into it, so that another cluster takes it. A
 * Service keeps `clusterIP: None`, by which it has no address at all.
 */
export function asWritten({ status: _status, ...object }: KubeObject): KubeObject {
  const { annotations, ...metadata } = without(isRecord(object.metadata) ? object.metadata : {}, FROM_SERVER);
  const kept = isRecord(annotations) ? without(annotations, [LAST_APPLIED]) : {};
  return {
    ...object,
    metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, annotations: kept },
    ...(object.apiVersion === 'v1' && object.kind === 'Service' && isRecord(object.spec) ? { spec: unallotted(object.spec) } : {}),
  };
}

function unallotted(spec: Fields): Fields {
  return spec.clusterIP === 'None' ? without(spec, ['healthCheckNodePort']) : without(spec, ALLOTTED);
}

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
