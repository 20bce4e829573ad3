import type { ClientSet, ClientsExcept, NamedClients } from '@heddle/core';
import { MESH_LABEL } from './tags.js';
import type { World } from './world-types.js';

const USUAL = 'default';

/**
 * Every mesh that a client or a policy may belong to, with who is in it; `undefined`: everybody, since there is no other. A client's own
 * label goes before its namespace, and the injector writes the label onto every Pod that has none, so that one namespace's clients have
 * it and lack it (kuma `k8s/util/util.go`, `MeshOfByLabelOrAnnotation`, and `webhooks/injector/injector.go`, 2.14).
 */
export function clientsOfMeshes(world: World): ReadonlyMap<string, NamedClients | undefined> {
  const homes = [...world.namespaces.values()];
  const named = [...world.meshes.keys(), ...homes.map(({ mesh }) => mesh), ...world.pods.map(({ mesh }) => mesh)];
  const meshes = [...new Set([USUAL, ...named])];
  if (meshes.length === 1) return new Map([[USUAL, undefined]]);
  const elsewhere = homes
    .filter(({ mesh }) => mesh !== USUAL)
    .map(({ name }) => name)
    .sort();
  return new Map(
    meshes.map((mesh): [string, NamedClients] => {
      const others = meshes.filter((one) => one !== mesh).map(labelled);
      if (mesh === USUAL) return [mesh, { name: `Mesh ${mesh}`, anyOf: ofUsual(elsewhere, others) }];
      const home = homes.filter((one) => one.mesh === mesh).map(({ name }) => name);
      return [mesh, { name: `Mesh ${mesh}`, anyOf: ofMesh(mesh, home.sort(), others) }];
    }),
  );
}

const labelled = (mesh: string): ClientSet => ({ labels: { [MESH_LABEL]: mesh } });

/** Clients of namespaces that say nothing are in it too. */
function ofUsual(elsewhere: readonly string[], others: readonly ClientSet[]): readonly ClientsExcept[] {
  if (elsewhere.length === 0) return [{ clients: {}, except: others }];
  return [{ clients: {}, except: [{ namespaces: elsewhere }, ...others] }, { clients: { namespaces: elsewhere, ...labelled(USUAL) } }];
}

function ofMesh(mesh: string, home: readonly string[], others: readonly ClientSet[]): readonly ClientsExcept[] {
  if (home.length === 0) return [{ clients: labelled(mesh) }];
  return [
    { clients: { namespaces: home }, except: others },
    { clients: labelled(mesh), except: [{ namespaces: home }] },
  ];
}
