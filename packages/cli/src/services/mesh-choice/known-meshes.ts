import type { MeshAdapter, ServedKind } from '@heddle/core';

/** A mesh, or something like one, that a cluster gives away by the API groups of its custom resources. */
export interface KnownMesh {
  readonly title: string;
  /** Groups, each with all that end with it. */
  readonly groups: readonly string[];
  /** The package that brings an adapter for it, if there is one: named to users, so only what is known to exist. */
  readonly plugin?: string;
}

/**
 * What heddle can name though no installed adapter knows it. Groups as in each project's CustomResourceDefinitions; those of meshes with
 * a bundled adapter are the adapters' own business.
 */
export const KNOWN_MESHES: readonly KnownMesh[] = [
  { title: 'Linkerd', groups: ['linkerd.io'] },
  { title: 'Consul', groups: ['consul.hashicorp.com'] },
  { title: 'Cilium', groups: ['cilium.io'] },
  { title: 'Open Service Mesh', groups: ['openservicemesh.io'] },
  { title: 'Service Mesh Interface', groups: ['smi-spec.io'] },
  { title: 'AWS App Mesh', groups: ['appmesh.k8s.aws'] },
  { title: 'Traefik', groups: ['traefik.io', 'traefik.containo.us'] },
  { title: 'Gloo', groups: ['solo.io'] },
  { title: 'Gateway API', groups: ['gateway.networking.k8s.io'] },
];

export interface FoundMesh {
  readonly mesh: KnownMesh;
  /** The groups that gave it away. */
  readonly groups: readonly string[];
}

/** Which of the known meshes a cluster serves objects of, apart from those that the installed adapters are for. */
export function knownMeshesIn(
  served: readonly ServedKind[],
  adapters: readonly Pick<MeshAdapter, 'kinds'>[],
  known: readonly KnownMesh[] = KNOWN_MESHES,
): readonly FoundMesh[] {
  const adapted = new Set(adapters.flatMap(({ kinds }) => kinds.map(({ group }) => group)));
  const groups = [...new Set(served.map(({ group }) => group))].filter((group) => !adapted.has(group)).sort();
  return known.flatMap((mesh) => {
    const found = groups.filter((group) => mesh.groups.some((each) => group === each || group.endsWith(`.${each}`)));
    return found.length === 0 ? [] : [{ mesh, groups: found }];
  });
}
