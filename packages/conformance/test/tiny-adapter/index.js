/** The smallest adapter that can be verified: it reads Services, and writes nothing. */
const objects = (seen, kind) => [...seen.values()].flatMap((one) => one.objects ?? []).filter((object) => object.kind === kind);
const selects = (selector, pod) => Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value);

function tableOf({ namespace, name, port }, seen) {
  const service = objects(seen, 'Service').find(({ metadata }) => metadata.name === name);
  const pods = objects(seen, 'Pod').filter((pod) => selects(service?.spec.selector ?? {}, pod));
  const host = `${name}.${namespace}.svc.cluster.local`;
  const endpoints = pods.map(({ metadata }) => ({ namespace, name: metadata.name }));
  const otherwise = { to: [{ host, port, weight: 1, endpoints }] };
  return { view: { plane: 'mesh', clients: {} }, domains: [host], port, protocol: 'http', rules: [], otherwise };
}

export const adapter = {
  $$type: '@heddle/MeshAdapter',
  apiVersion: 1,
  id: 'tiny',
  title: 'Tiny mesh',
  kinds: [],
  facts: [],
  detect: () => undefined,
  capabilities: () => ({ 'match.header.exact': 'supported', 'to.service': 'supported', 'view.mesh': 'supported' }),
  reads: () => ['Service', 'Pod'].map((kind) => ({ group: '', kind, namespace: 'shop' })),
  affects: () => ({ services: [] }),
  versions: () => [],
  inMesh: () => true,
  decode: ({ services }, seen) => ({ tables: services.map((service) => tableOf(service, seen)), problems: [], gaps: [] }),
  owned: () => [],
  shadow: () => ({ refused: [{ code: 'read-only', message: 'this mesh is only read' }] }),
  encode: () => ({ refused: [{ code: 'read-only', message: 'this mesh is only read' }] }),
  accepted: () => ({ state: 'unknown' }),
};
