import type { MeshEnvironment } from '@heddle/core';

/** The mesh's version as far as it counts here; `undefined` when not known. */
export function versionOf(env: MeshEnvironment): { readonly major: number; readonly minor: number } | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(env.version ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Whether the mesh is older than Istio 1.`minor`; an unknown version counts as a current one. */
export function isBefore(minor: number, env: MeshEnvironment): boolean {
  const version = versionOf(env);
  return version !== undefined && (version.major < 1 || (version.major === 1 && version.minor < minor));
}

/** Whether a missing header counts as the empty string under `withoutHeaders`: since Istio 1.22 (mesh-semantics §1). */
export const missingHeaderIsEmpty = (env: MeshEnvironment): boolean => !isBefore(22, env);
